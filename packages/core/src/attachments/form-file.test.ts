import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readFormFile } from './form-file.ts'

const contentType = 'multipart/form-data; boundary=XX'
const part = (headers: string[], body: string) => `--XX\r\n${headers.join('\r\n')}\r\n\r\n${body}\r\n`
const field = (name: string, body: string) => part([`Content-Disposition: form-data; name="${name}"`], body)
const file = (body: string) =>
  part(['Content-Disposition: form-data; name="file"; filename="a.bin"', 'Content-Type: image/png'], body)

async function* inPieces(text: string, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1
    yield bytes.subarray(at, at + size)
    at += size
  }
}

async function read(text: string, sizes: readonly number[] = [1000], type = contentType): Promise<[string, string]> {
  const { type: declared, bytes } = await readFormFile(type, inPieces(text, sizes))
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return [declared, Buffer.concat(chunks).toString('latin1')]
}

describe('the file of a form', () => {
  test('comes through whatever the bytes, and wherever the network cuts them', async () => {
    const trap = fc.constantFrom('\r\n--X', '\r\n--', '\r', '\n', '--XX', '\r\n\r\n', '\r\n--Xx')
    const content = fc
      .array(fc.oneof(trap, fc.string({ unit: 'binary-ascii', maxLength: 20 })))
      .map((all) => all.join(''))
    await fc.assert(
      fc.asyncProperty(content, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), async (body, sizes) => {
        fc.pre(!body.includes('\r\n--XX'))
        const text = `${field('before', 'b')}${file(body)}${field('after', 'a')}--XX--\r\n`
        expect(await read(text, sizes)).toEqual(['image/png', body])
      }),
    )
  })

  test('may be the first part or stand behind a preamble, and its boundary may be quoted', async () => {
    expect(await read(`preamble\r\n${file('x')}--XX--`)).toEqual(['image/png', 'x'])
    expect(await read(`${file('x')}--XX--`, [1], 'multipart/form-data; charset=utf-8; boundary="XX"')).toEqual([
      'image/png',
      'x',
    ])
  })

  test('is text when its part does not say what it is', async () => {
    expect(await read(`${field('file', 'x')}--XX--`)).toEqual(['text/plain', 'x'])
  })

  test.each([
    ['has no such field', `${field('other', 'x')}--XX--\r\n`],
    ['names it only in a file name', part(['Content-Disposition: form-data; name="x"; filename="file"'], 'x')],
    ['ends within it', file('x').slice(0, -2)],
    ['is empty', ''],
    ['has another boundary', file('x').replaceAll('XX', 'YY')],
  ])('is refused when the form %s', async (_, text) => {
    await expect(read(text)).rejects.toMatchObject({ code: 'invalid_argument', status: 400 })
  })

  test('is refused when much else comes before or after it', async () => {
    const much = field('much', 'x'.repeat(70_000))
    await expect(read(`${much}${file('x')}--XX--`)).rejects.toMatchObject({ code: 'too_large', status: 413 })
    await expect(read(`${file('x')}${much}--XX--`)).rejects.toMatchObject({ code: 'too_large', status: 413 })
  })

  test('is refused without a boundary', async () => {
    await expect(read('', [1], 'multipart/form-data')).rejects.toMatchObject({ code: 'unsupported_type' })
  })
})
