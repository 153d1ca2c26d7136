/** Looking: the catalogue, works and artists. */
import { Hono } from 'hono'
import { findArtist, listArtists } from '../../lib/shop/artists.ts'
import { belovedWorks, searchCatalogue, worksByArtist } from '../../lib/shop/catalogue.ts'
import { commentFeed } from '../../lib/shop/comment-feed.ts'
import { addComment, problemWith, setLike } from '../../lib/shop/reactions.ts'
import { describeWork, findWork } from '../../lib/shop/works.ts'
import { isUnfiltered, readCatalogueQuery } from '../catalogue-query.ts'
import { knownVisitor, type Shop } from '../context.ts'
import { setFlash } from '../flash.ts'
import { clean, positive, readForm } from '../forms.ts'
import { ArtistPage } from '../pages/artist-page.tsx'
import { ArtistsPage } from '../pages/artists-page.tsx'
import { CommentsPage } from '../pages/comments-page.tsx'
import { HomePage } from '../pages/home-page.tsx'
import { WorkPage } from '../pages/work-page.tsx'
import { render } from '../render.tsx'

const HERO_WORKS = 7
const MORE_WORKS = 4
const ARTIST_WORKS = 200

export const gallery = new Hono<Shop>()

gallery.get('/', async (c) => {
  const query = readCatalogueQuery(c)
  const [result, beloved] = await Promise.all([
    searchCatalogue(query),
    isUnfiltered(query) ? belovedWorks(HERO_WORKS) : [],
  ])
  const title = query.text === '' ? '' : `Search for “${query.text}”`
  return render(c, { title }, <HomePage query={query} result={result} beloved={beloved} />)
})

gallery.get('/works/:id', async (c) => {
  const details = await describeWork(positive(c.req.param('id'), 0), c.get('visitorId'))
  if (details === null) return c.notFound()
  const more = await worksByArtist(details.artist.id, MORE_WORKS, details.work.id)
  const { title, story } = details.work
  return render(
    c,
    { title: `${title} by ${details.artist.name}`, description: story },
    <WorkPage details={details} more={more} />,
  )
})

gallery.post('/works/:id/like', async (c) => {
  const work = await findWork(positive(c.req.param('id'), 0))
  if (work === null) return c.notFound()
  const liked = (await readForm(c)).liked !== 'no'
  const likes = await setLike(await knownVisitor(c), work.id, liked)
  if (c.req.header('accept') === 'application/json') return c.json({ liked, likes })
  return c.redirect(`/works/${work.id}`, 303)
})

gallery.post('/works/:id/comments', async (c) => {
  const id = positive(c.req.param('id'), 0)
  if ((await findWork(id)) === null) return c.notFound()
  const { name = '', body = '' } = await readForm(c)
  const problem = problemWith({ name, body })
  if (problem === null) {
    await addComment(await knownVisitor(c), id, { name, body })
    setFlash(c, 'commented')
    return c.redirect(`/works/${id}#comments`, 303)
  }

  const details = await describeWork(id, c.get('visitorId'))
  if (details === null) return c.notFound()
  const more = await worksByArtist(details.artist.id, MORE_WORKS, id)
  const page = <WorkPage details={details} more={more} rejected={{ name, body, problem }} />
  return render(c, { title: details.work.title, status: 422 }, page)
})

gallery.get('/comments', async (c) => {
  const feed = await commentFeed({ after: c.req.query('after'), before: c.req.query('before') })
  if (feed === null) return c.redirect('/comments', 303)
  return render(c, { title: 'What visitors say' }, <CommentsPage feed={feed} />)
})

gallery.get('/artists', async (c) => {
  const text = clean(c.req.query('q') ?? '').slice(0, 100)
  const result = await listArtists(text, positive(c.req.query('page'), 1))
  return render(c, { title: 'Artists' }, <ArtistsPage result={result} text={text} />)
})

gallery.get('/artists/:slug', async (c) => {
  const artist = await findArtist(c.req.param('slug'))
  if (artist === null) return c.notFound()
  const works = await worksByArtist(artist.id, ARTIST_WORKS)
  return render(c, { title: artist.name, description: artist.bio }, <ArtistPage artist={artist} works={works} />)
})
