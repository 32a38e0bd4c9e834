import assert from 'node:assert/strict'
import { expectCode } from '../expect-code.ts'
import type { AttachmentCase } from './attachment-case.ts'
import { bytesOf, textOf } from './bytes.ts'
import { everyAttachmentMethod } from './every-attachment-method.ts'
import { createUpload, expectAccepted, send } from './http.ts'

const marks = [
  ...['a', 'a/b', 'ab', 'A', 'a/', 'a//b', '/a', 'a.', 'a..', '/../a', '/..', '\\a', 'a b', 'a ', 'a%2Fb', 'a%', '%61'],
  ...[
    'a:b',
    'a*',
    'a?',
    'a=2f',
    'a~',
    '~',
    'é',
    'e\u0301',
    '👩🏽‍🚀',
    '\n',
    "'",
    '"',
    '#',
    '?x=1',
    '&',
    '+',
    '{a}',
    '..%2f',
  ],
  ...['x'.repeat(180), 'X'.repeat(180), 'x'.repeat(400), `${'x'.repeat(399)}y`, `x/${'y'.repeat(250)}`],
]

const bad: readonly unknown[] = [undefined, null, '', 7, {}, 'a\0', '\ud800', 'x'.repeat(513), Promise.resolve('a')]

export const tenantCases: readonly AttachmentCase[] = [
  {
    id: 'tenants/apart',
    promise: 'Tenants whose names look alike, or contain each other, have objects of their own under one id.',
    async run({ store, stranger }) {
      const base = stranger().scope
      const tenants = marks.map((mark) => ({ scope: `${base}${mark}` }))
      for (const tenant of tenants) await store.writeAttachment('a1', bytesOf(tenant.scope), tenant)
      for (const tenant of tenants) {
        const what = `of the tenant ${JSON.stringify(tenant.scope.slice(0, 60))}`
        assert.equal(await textOf(await store.readAttachment('a1', tenant)), tenant.scope, `the bytes ${what}`)
        const response = await fetch(await store.attachmentUrl('a1', tenant))
        assert.equal(await response.text(), tenant.scope, `the bytes behind the URL ${what}`)
      }
      for (const [index, tenant] of tenants.entries()) {
        await store.deleteAttachment('a1', tenant)
        assert.equal(await store.headAttachment('a1', tenant), undefined, 'what was deleted is still there')
        const next = tenants[index + 1]
        if (next)
          assert.equal(await textOf(await store.readAttachment('a1', next)), next.scope, 'a sibling was deleted')
      }
    },
  },
  {
    id: 'tenants/strangers',
    promise: 'Another tenant can neither see, sign nor delete an object, and may use its id.',
    async run({ store, context, stranger }) {
      const other = stranger()
      await store.writeAttachment('a1', bytesOf('mine'), context)
      await expectCode(store.readAttachment('a1', other), 'not_found', 'readAttachment')
      await expectCode(store.attachmentUrl('a1', other), 'not_found', 'attachmentUrl')
      assert.equal(await store.headAttachment('a1', other), undefined, 'headAttachment')
      await store.deleteAttachment('a1', other)
      await store.writeAttachment('a1', bytesOf('theirs'), other)
      assert.equal(await textOf(await store.readAttachment('a1', context)), 'mine', 'the bytes changed')
      await store.deleteAttachment('a1', other)
      assert.equal(await textOf(await store.readAttachment('a1', context)), 'mine', 'the bytes were deleted')
    },
  },
  {
    id: 'tenants/uploads',
    promise: 'Tenants with any name upload to objects of their own.',
    gap: 'createAttachment',
    async run({ store, stranger }) {
      for (const mark of ['/../x', 'a b%2F', 'é👩🏽‍🚀', '\n"\'', 'x'.repeat(400)]) {
        const context = stranger(mark)
        const upload = await createUpload({ store, context }, bytesOf('hello'))
        expectAccepted(await send(upload), `the upload of a tenant with ${JSON.stringify(mark.slice(0, 9))}`)
        assert.equal(await textOf(await store.readAttachment(upload.id, context)), 'hello', 'the bytes')
      }
    },
  },
  {
    id: 'tenants/bad-scopes',
    promise: 'A scope that throws, is empty, missing or not a string is invalid_argument in every method: no fallback.',
    async run({ open, context }) {
      for (const scope of bad) {
        const store = await open({ scope: () => scope as string })
        for (const [method, call] of Object.entries(everyAttachmentMethod(store, 'a1', context))) {
          await expectCode(call(), 'invalid_argument', `${method} with the scope ${String(scope).slice(0, 20)}`)
        }
      }
      await expectCode(open({ scope: undefined as never }), 'invalid_argument', 'a store without the option scope')
    },
  },
]
