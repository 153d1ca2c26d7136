import { describe, expect, it } from 'vitest'
import { isLoopbackAddress, isLoopbackName, judgeAccess, judgeOrigin } from './guard.ts'
import { cookieName, openSession } from './session.ts'

const TOKEN = 'a-token-of-enough-letters'
const NOW = 1_800_000_000_000
const request = (headers: Record<string, string> = {}, method = 'GET'): Request =>
  new Request('http://localhost/', { method, headers })

function access(headers: Record<string, string>, token: string | null, remoteAddress?: string, host = 'localhost:80') {
  return judgeAccess(request(headers), { token, authorize: null }, { host, connection: { remoteAddress }, nowMs: NOW })
}

describe('pages of other sites', () => {
  it.each<[string, Record<string, string>, string, string]>([
    ['a request of the page itself', { 'sec-fetch-site': 'same-origin' }, 'POST', 'allowed'],
    ['an address that was typed', { 'sec-fetch-site': 'none' }, 'GET', 'allowed'],
    ['a link from elsewhere', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 'GET', 'allowed'],
    ['a form from elsewhere', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 'POST', 'forbidden'],
    ['fetch() from elsewhere', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }, 'GET', 'forbidden'],
    ['fetch() from a neighbour', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, 'GET', 'forbidden'],
    ['an old browser, same origin', { origin: 'http://localhost:80' }, 'POST', 'allowed'],
    ['an old browser, other origin', { origin: 'http://evil.example' }, 'POST', 'forbidden'],
    ['an old browser, other port', { origin: 'http://localhost:81' }, 'POST', 'forbidden'],
    ['a page from a file', { origin: 'null' }, 'POST', 'forbidden'],
    ['an Origin that is none', { origin: '%%%' }, 'POST', 'forbidden'],
    ['a program', {}, 'POST', 'allowed'],
  ])('%s', (_, headers, method, verdict) => {
    expect(judgeOrigin(request(headers, method), 'localhost').kind).toBe(verdict)
  })
})

describe('without a token', () => {
  it.each<[string, Record<string, string>, string | undefined, string, string]>([
    ['this machine', {}, '127.0.0.1', 'localhost:3000', 'allowed'],
    ['this machine by IPv6', {}, '::1', '[::1]:3000', 'allowed'],
    ['this machine by mapped IPv4', {}, '::ffff:127.0.0.1', '127.0.0.1', 'allowed'],
    ['another machine', {}, '192.168.0.7', 'localhost:3000', 'forbidden'],
    ['nobody knows who', {}, undefined, 'localhost:3000', 'forbidden'],
    ['a name that was made to point here', {}, '127.0.0.1', 'evil.example:3000', 'forbidden'],
    ['a name that begins like this machine', {}, '127.0.0.1', 'localhost.evil.example', 'forbidden'],
    ['a proxy on this machine', { 'x-forwarded-for': '10.0.0.1' }, '127.0.0.1', 'localhost', 'forbidden'],
    ['a proxy of the standard', { forwarded: 'for=10.0.0.1' }, '127.0.0.1', 'localhost', 'forbidden'],
  ])('%s', async (_, headers, remote, host, verdict) => {
    expect((await access(headers, null, remote, host)).kind).toBe(verdict)
  })
})

describe('with a token', () => {
  const cookie = (value: string): Record<string, string> => ({ cookie: `a=b; ${cookieName(TOKEN)}=${value}; c=d` })

  it.each<[string, Record<string, string>, string]>([
    ['the token', { authorization: `Bearer ${TOKEN}` }, 'allowed'],
    ['the token, other capitals', { authorization: `bearer ${TOKEN}` }, 'allowed'],
    ['another token', { authorization: `Bearer ${TOKEN}x` }, 'unauthorized'],
    ['a part of it', { authorization: `Bearer ${TOKEN.slice(0, -1)}` }, 'unauthorized'],
    ['no token', {}, 'unauthorized'],
    ['Basic', { authorization: `Basic ${TOKEN}` }, 'unauthorized'],
    ['a session', cookie(openSession(TOKEN, NOW - 1000)), 'allowed'],
    ['a session that is over', cookie(openSession(TOKEN, NOW - 13 * 3_600_000)), 'unauthorized'],
    ['a session of another token', cookie(openSession(`${TOKEN}2`, NOW)), 'unauthorized'],
    ['a session that was made longer', cookie(openSession(TOKEN, NOW).replace(/^\d/, '9')), 'unauthorized'],
    ['an empty session', cookie(''), 'unauthorized'],
    ['a session of dots', cookie('...'), 'unauthorized'],
    ['the token itself as a session', cookie(TOKEN), 'unauthorized'],
  ])('%s, from another machine', async (_, headers, verdict) => {
    expect((await access(headers, TOKEN, '203.0.113.9', 'db.example')).kind).toBe(verdict)
  })
})

describe('this machine', () => {
  it.each(['127.0.0.1', '127.8.9.1', '::1', '::ffff:127.0.0.1'])('has the address %s', (address) => {
    expect(isLoopbackAddress(address)).toBe(true)
  })
  it.each(['localhost', 'LOCALHOST:1', 'app.localhost:3000', '127.0.0.1:3000', '[::1]:80', '[::1]', '::1'])(
    'has the name %s',
    (name) => {
      expect(isLoopbackName(name)).toBe(true)
    },
  )
  it.each(['', 'localhost.', '128.0.0.1', '127.0.0.1.nip.io', 'notlocalhost', '[::2]', '::', '0.0.0.0'])(
    'has not the name %j',
    (name) => {
      expect(isLoopbackName(name)).toBe(false)
    },
  )
})
