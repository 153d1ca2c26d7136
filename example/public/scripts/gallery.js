// Small comforts. Every one of them is a plain form without this file.

document.documentElement.classList.add('js')

// Likes without leaving the page.
for (const form of document.querySelectorAll('[data-like-form]')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    const button = form.querySelector('button')
    button.disabled = true
    try {
      const response = await fetch(form.action, {
        method: 'POST',
        headers: { Accept: 'application/json' },
        body: new URLSearchParams(new FormData(form)),
      })
      if (!response.ok) throw new Error(`status ${response.status}`)
      const { liked, likes } = await response.json()
      button.setAttribute('aria-pressed', String(liked))
      form.elements.liked.value = liked ? 'no' : 'yes'
      form.querySelector('[data-likes]').textContent = String(likes)
      button.disabled = false
    } catch {
      button.disabled = false
      form.submit()
    }
  })
}

// The theme changes at once; the form tells the server to remember it.
for (const form of document.querySelectorAll('[data-theme-form]')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const theme = event.submitter.value
    document.documentElement.dataset.theme = theme
    form.querySelector(theme === 'dark' ? '.to-light' : '.to-dark').focus()
    fetch(form.action, { method: 'POST', body: new URLSearchParams({ theme, back: '/' }), redirect: 'manual' }).catch(
      (error) => {
        console.warn('The theme could not be remembered:', error)
      },
    )
  })
}

// Filters and quantities apply when they are chosen.
for (const form of document.querySelectorAll('[data-filters]')) {
  form.addEventListener('change', (event) => {
    if (event.target.matches('select')) form.requestSubmit()
  })
  // Fields left at their default stay out of the address.
  if (form.method === 'get') {
    form.addEventListener('formdata', ({ formData }) => {
      const defaults = { q: '', show: 'all', price: '', sort: '' }
      for (const [name, value] of Object.entries(defaults)) if (formData.get(name) === value) formData.delete(name)
    })
  }
}

// One press places the order; the button says that it is under way.
for (const form of document.querySelectorAll('[data-once]')) {
  form.addEventListener('submit', () => {
    const button = form.querySelector('[type=submit]')
    button.disabled = true
    button.textContent = 'One moment …'
  })
}
window.addEventListener('pageshow', (event) => {
  if (event.persisted) location.reload()
})

// On a narrow screen the chosen style may stand outside the row.
for (const row of document.querySelectorAll('.chips')) {
  const chosen = row.querySelector('[aria-current]')
  if (chosen !== null) row.scrollLeft = chosen.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2
}
