import { expect, it } from 'vitest'
import { type BackupTarget, parseBackupTarget } from './backup-target.ts'

function value(text: string, cwd: string): BackupTarget | null {
  const checked = parseBackupTarget(text, cwd)
  return checked.ok ? checked.value : null
}

it('understands folders and buckets', () => {
  expect(value('backups', '/srv/app')).toEqual({ kind: 'folder', path: '/srv/app/backups' })
  expect(value('/mnt/backups', '/srv/app')).toEqual({ kind: 'folder', path: '/mnt/backups' })
  const location = { region: undefined, endpoint: undefined }
  expect(value('s3://my-bucket', '/')).toEqual({
    kind: 'bucket',
    location: { ...location, bucket: 'my-bucket', prefix: '' },
  })
  expect(value('S3://my-bucket/shop/eu/', '/')).toEqual({
    kind: 'bucket',
    location: { ...location, bucket: 'my-bucket', prefix: 'shop/eu/' },
  })
  expect(value('s3://my-bucket/shop?region=eu-central-1&endpoint=https%3A%2F%2Fs3.example.org', '/')).toEqual({
    kind: 'bucket',
    location: { bucket: 'my-bucket', prefix: 'shop/', region: 'eu-central-1', endpoint: 'https://s3.example.org' },
  })
})

it.each([
  ['', 'must not be empty'],
  ['ftp://host/folder', "must be a folder's path or s3://"],
  ['https://my-bucket.s3.amazonaws.com/', "must be a folder's path or s3://"],
  ['s3://', 'must name a bucket'],
  ['s3://My_Bucket/', 'must name a bucket'],
  ['s3://key:secret@bucket/', 'must not have credentials'],
  ['s3://my-bucket//shop', 'must have a prefix'],
  ['s3://my-bucket/../other', 'must have a prefix'],
  ['s3://my-bucket/.lock', 'must have a prefix'],
  ['s3://my-bucket/shop?regoin=eu', 'must have no parameters but region and endpoint'],
  ['s3://my-bucket/shop?endpoint=minio:9000', 'must have an endpoint'],
  ['s3://my-bucket/shop?endpoint=http://key:secret@minio:9000', 'must have an endpoint'],
  ['s3://my-bucket/a?b?c', 'must be s3://'],
])('refuses %s', (text, problem) => {
  const checked = parseBackupTarget(text, '/')
  const refused = checked.ok ? null : checked.problem
  expect(refused).toEqual(expect.stringContaining(problem))
  expect(refused).not.toContain('secret')
})
