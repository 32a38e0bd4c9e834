import assert from 'node:assert/strict'
import { expectCode } from '../expect-code.ts'
import type { AttachmentCase } from './attachment-case.ts'
import { bytesOf, textOf } from './bytes.ts'
import { everyAttachmentMethod } from './every-attachment-method.ts'

const plan = { name: 'plan.pdf', size: 4, mime_type: 'application/pdf' }

const hostileIds: readonly unknown[] = [
  ...[
    '',
    '.',
    '..',
    '../a1',
    '../../etc/passwd',
    '/a1',
    'a/b',
    'a\\b',
    'a1/',
    '%2e%2e',
    '%2F',
    'a%00',
    'a1.png',
    'a 1',
  ],
  ...['a\0', 'a\n', 'é', '\ud800', 'a:1', 'a*', 'a?', 'a#', 'a;', "a'", '~', '$', 'x'.repeat(129)],
  ...[7, null, undefined, {}, ['a1'], { toString: () => 'a1' }],
]

export const attachmentArgumentCases: readonly AttachmentCase[] = [
  {
    id: 'arguments/ids',
    promise: 'Ids come from the network: anything but 1 to 128 of A-Z a-z 0-9 _ - is invalid_argument in every method.',
    async run({ store, context }) {
      for (const id of hostileIds) {
        for (const [method, call] of Object.entries(everyAttachmentMethod(store, id as string, context))) {
          await expectCode(call(), 'invalid_argument', `${method} with the id ${JSON.stringify(id)}`)
        }
      }
    },
  },
  {
    id: 'arguments/good-ids',
    promise: 'Every good id is an object of its own, also where file systems fold case or know devices.',
    async run({ store, context }) {
      const ids = [
        'a',
        'A',
        'aB',
        'Ab',
        '-',
        '_',
        '--',
        '0',
        'con',
        'CON',
        'nul',
        'x'.repeat(128),
        `${'x'.repeat(127)}X`,
      ]
      for (const id of ids) await store.writeAttachment(id, bytesOf(id), context)
      for (const id of ids) assert.equal(await textOf(await store.readAttachment(id, context)), id, `the id ${id}`)
      await store.deleteAttachment('a', context)
      for (const id of ids.slice(1)) {
        assert.equal(await textOf(await store.readAttachment(id, context)), id, `the id ${id} after a was deleted`)
      }
    },
  },
  {
    id: 'arguments/sizes',
    promise: 'A size that is not a whole number of bytes is invalid_argument; more than maxBytes is too_large.',
    gap: 'createAttachment',
    async run({ open, context }) {
      const store = await open({ maxBytes: 1_000 })
      for (const size of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '4', null, undefined, {}]) {
        const params = { ...plan, size: size as number }
        await expectCode(store.createAttachment(params, context), 'invalid_argument', `the size ${size}`)
      }
      await expectCode(store.createAttachment({ ...plan, size: 1_001 }, context), 'too_large', '1,001 of 1,000 bytes')
      for (const size of [0, 1_000])
        assert.ok(await store.createAttachment({ ...plan, size }, context), `${size} bytes`)
    },
  },
  {
    id: 'arguments/types',
    promise:
      'What is no media type is invalid_argument, what is not among allowedTypes unsupported_type; parameters do not count.',
    gap: 'createAttachment',
    async run({ open, context }) {
      const store = await open({ allowedTypes: ['image/*', 'application/pdf'] })
      const create = (type: unknown) => store.createAttachment({ ...plan, mime_type: type as string }, context)
      for (const type of ['nonsense', 'a/b/c', '/', 'image/', 'image/png\r\nx: y', 7, {}, 'ïmage/png']) {
        await expectCode(create(type), 'invalid_argument', `the type ${JSON.stringify(type)}`)
      }
      for (const type of ['text/plain', '', 'imagex/png', 'application/pdfx']) {
        await expectCode(create(type), 'unsupported_type', `the type ${JSON.stringify(type)}`)
      }
      for (const type of ['image/png', 'IMAGE/GIF', 'application/pdf; version=2']) {
        assert.ok(!(await create(type)).mime_type.includes(';'), `the type ${type}`)
      }
    },
  },
  {
    id: 'arguments/types-of-writes',
    promise: 'writeAttachment checks the type like createAttachment, and stores nothing that is refused.',
    async run({ open, context }) {
      const store = await open({ allowedTypes: ['image/*'] })
      const write = (type: string) => store.writeAttachment('a1', bytesOf('x'), context, { type })
      await expectCode(write('text/plain'), 'unsupported_type', 'text/plain')
      await expectCode(write('nonsense'), 'invalid_argument', 'nonsense')
      assert.equal(await store.headAttachment('a1', context), undefined, 'something was stored')
      assert.equal((await write('image/png')).type, 'image/png', 'image/png')
    },
  },
  {
    id: 'arguments/claims',
    promise: 'Claims that are no object, a bad name and a bad sha256 are invalid_argument.',
    gap: 'createAttachment',
    async run({ store, context }) {
      for (const params of [null, undefined, 'plan.pdf', 7]) {
        await expectCode(store.createAttachment(params as never, context), 'invalid_argument', `the params ${params}`)
      }
      for (const name of ['', 'x'.repeat(1_025), 'a\0', '\ud800', 7, null, undefined]) {
        const params = { ...plan, name: name as string }
        await expectCode(store.createAttachment(params, context), 'invalid_argument', 'a bad name')
      }
      for (const sha256 of ['', 'xyz', 'A'.repeat(64), 'a'.repeat(63), 7, {}]) {
        const params = { ...plan, sha256: sha256 as string }
        await expectCode(store.createAttachment(params, context), 'invalid_argument', `the sha256 ${sha256}`)
      }
    },
  },
  {
    id: 'arguments/options',
    promise:
      'maxBytes and expiresIn must be whole numbers of at least 1, expiresIn at most seven days: invalid_argument.',
    async run({ open, store, context }) {
      await store.writeAttachment('a1', bytesOf('x'), context)
      for (const value of [0, -1, 1.5, Number.NaN, '10', null]) {
        const bad = value as number
        await expectCode(open({ maxBytes: bad }), 'invalid_argument', `maxBytes ${value}`)
        await expectCode(open({ expiresIn: bad }), 'invalid_argument', `expiresIn ${value}`)
        await expectCode(store.attachmentUrl('a1', context, { expiresIn: bad }), 'invalid_argument', 'of a URL')
      }
      await expectCode(open({ expiresIn: 604_801 }), 'invalid_argument', 'expiresIn of more than seven days')
      await expectCode(store.attachmentUrl('a1', context, { expiresIn: 604_801 }), 'invalid_argument', 'of a URL')
    },
  },
]
