import { expect, it } from 'vitest'
import { parseTarget } from './target.ts'

it('understands folders and buckets', () => {
  expect(parseTarget('backups', '/srv/app')).toEqual({ kind: 'folder', path: '/srv/app/backups' })
  expect(parseTarget('/mnt/backups', '/srv/app')).toEqual({ kind: 'folder', path: '/mnt/backups' })
  const location = { region: undefined, endpoint: undefined }
  expect(parseTarget('s3://my-bucket', '/')).toEqual({
    kind: 'bucket',
    location: { ...location, bucket: 'my-bucket', prefix: '' },
  })
  expect(parseTarget('S3://my-bucket/shop/eu/', '/')).toEqual({
    kind: 'bucket',
    location: { ...location, bucket: 'my-bucket', prefix: 'shop/eu/' },
  })
  expect(parseTarget('s3://my-bucket/shop?region=eu-central-1&endpoint=https%3A%2F%2Fs3.example.org', '/')).toEqual({
    kind: 'bucket',
    location: { bucket: 'my-bucket', prefix: 'shop/', region: 'eu-central-1', endpoint: 'https://s3.example.org' },
  })
})

it.each([
  ['', 'is empty'],
  ['ftp://host/folder', 'begins with ftp://'],
  ['https://my-bucket.s3.amazonaws.com/', 'begins with https://'],
  ['s3://', 'names no bucket'],
  ['s3://My_Bucket/', 'names no bucket'],
  ['s3://key:secret@bucket/', 'has credentials in it'],
  ['s3://my-bucket//shop', 'has a prefix'],
  ['s3://my-bucket/../other', 'has a prefix'],
  ['s3://my-bucket/.lock', 'has a prefix'],
  ['s3://my-bucket/shop?regoin=eu', 'has a parameter regoin; there are region and endpoint'],
  ['s3://my-bucket/shop?endpoint=minio:9000', 'has an endpoint'],
  ['s3://my-bucket/shop?endpoint=http://key:secret@minio:9000', 'has an endpoint'],
  ['s3://my-bucket/a?b?c', 'is no address'],
])('refuses %s', (text, problem) => {
  const refused = parseTarget(text, '/')
  expect(refused).toEqual(expect.stringContaining(problem))
  expect(refused).not.toContain('secret')
})
