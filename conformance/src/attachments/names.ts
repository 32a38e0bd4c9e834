import assert from 'node:assert/strict'
import { expectCode } from '../expect-code.ts'
import type { AttachmentCase } from './attachment-case.ts'
import { bytesOf } from './bytes.ts'
import { createUpload, expectAccepted, expectStored, send } from './http.ts'

const hostileNames: readonly string[] = [
  ...['a"b.png', "a'b.png", 'a\\b.png', 'a;b.png', 'a,b=c.png', 'a%b.png', '%2e%2e', '%0d%0aset-cookie: x', 'a*b?.png'],
  ...['a\r\nx-evil: 1.png', '\u202egnp.exe', 'tab\there', '\u2028line', 'zero\u200bwidth', '\u2066isolated\u2069'],
  ...['👩🏽‍🚀.png', 'grün.txt', 'e\u0301.txt', '日本語.pdf', 'صورة.png'],
  ...['.', '..', '../../etc/passwd', '/etc/passwd', 'C:\\x', 'CON', 'nul.txt', '.htaccess', ' lead', 'trail. ', '~'],
  ...['x'.repeat(300), `${'é'.repeat(150)}.png`, '<script>.svg', '$(id)', '`id`', '{{7*7}}', "'; drop table--"],
]

/** What no header may carry, and what makes a name look like another. */
const unseen = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu

export const nameCases: readonly AttachmentCase[] = [
  {
    id: 'names/kept',
    promise: 'A file’s name comes back from createAttachment as it was given, and never disturbs the upload.',
    gap: 'createAttachment',
    async run(trial) {
      for (const name of hostileNames) {
        const { name: kept } = await trial.store.createAttachment({ name, size: 1, mime_type: '' }, trial.context)
        assert.equal(kept, name, 'the name')
        const upload = await createUpload(trial, bytesOf('x'), 'text/plain', { name })
        expectAccepted(await send(upload), `the upload of ${JSON.stringify(name)}`)
        await expectStored(trial, upload.id, bytesOf('x'))
      }
    },
  },
  {
    id: 'names/of-downloads',
    promise: 'A download is named as asked for, in UTF-8, without what could break the header or reorder the text.',
    async run({ store, context }) {
      await store.writeAttachment('a1', bytesOf('x'), context, { type: 'text/plain' })
      for (const name of hostileNames) {
        const response = await fetch(await store.attachmentUrl('a1', context, { name }))
        const what = `the name ${JSON.stringify(name)}`
        assert.equal(await response.text(), 'x', what)
        const header = response.headers.get('content-disposition') ?? ''
        const [, encoded = ''] = /filename\*=UTF-8''([^;\s]+)/i.exec(header) ?? []
        assert.equal(decodeURIComponent(encoded), name.replaceAll(unseen, ''), `${what} in ${header}`)
        assert.match(header, /^[\x20-\x7e]+$/, `${what}: the header is plain ASCII`)
        assert.equal(response.headers.get('x-evil'), null, 'a header was smuggled in')
      }
    },
  },
  {
    id: 'names/of-writes',
    promise: 'writeAttachment takes any good name, and the bytes are the same.',
    async run(trial) {
      for (const [index, name] of hostileNames.entries()) {
        await trial.store.writeAttachment(`n${index}`, bytesOf(name), trial.context, { name })
        await expectStored(trial, `n${index}`, bytesOf(name))
      }
    },
  },
  {
    id: 'names/bad',
    promise: 'An empty name, one of more than 1,024 bytes, with NUL or with a lone surrogate is invalid_argument.',
    async run({ store, context }) {
      await store.writeAttachment('a1', bytesOf('x'), context)
      for (const bad of ['', 'x'.repeat(1_025), '€'.repeat(342), 'a\0b', '\ud800', 7, null, {}]) {
        const name = bad as string
        const what = `the name ${JSON.stringify(bad).slice(0, 20)}`
        await expectCode(store.writeAttachment('a3', bytesOf('x'), context, { name }), 'invalid_argument', what)
        assert.equal(await store.headAttachment('a3', context), undefined, `${what}: something was stored`)
        if (bad !== null) await expectCode(store.attachmentUrl('a1', context, { name }), 'invalid_argument', what)
      }
    },
  },
]
