const long = (char: string) => char.repeat(Math.floor(512 / Buffer.byteLength(char)))

/** Ids that are all different and all good; databases fold, trim, split, order or interpret them. */
export const hostileIds: readonly string[] = [
  ...['id', 'ID', 'Id', 'iD', 'ıd', 'İD', 'id ', ' id', 'id\n', 'id\t', '\ufeffid', 'id\u200b'],
  ...['é', 'e\u0301', 'ﬁ', 'fi', 'ß', 'ss', '👩🏽‍🚀', '👩', '\u{10ffff}', '\uffff'],
  ...[':', 'a:b', 'a', 'b', 'a:b:c', 'a/b', 'a//b', '/', '.', '..', '../id', './id', 'a\\b'],
  ...['*', '?', '[a-z]', '{a}', '{', '}', '{}a', '%', '%25', 'a%2Fb', '_', 'a_b', 'aXb', '~', '=', '=3a', '$', '$gt'],
  ...[
    "'",
    "''",
    '"',
    '`',
    ';',
    '--',
    '\\',
    '\\u0000',
    '\u0001',
    '|',
    ',',
    '#',
    '&',
    '+',
    '<b>',
    '^',
    '-',
    '0',
    '00',
    '-0',
  ],
  ...['null', 'undefined', 'NaN', 'true', '__proto__', 'constructor', 'hasOwnProperty', 'toString', '__fake_id__'],
  ...['1', '1.0', '1e0', '9007199254740993', '9007199254740992', '000000000000000000000000'],
  ...[long('x'), `${long('x').slice(1)}y`, long('é'), long('👩'), long('\u0001')],
]

/** Ids that must be refused, each under a name. */
export const badIds: ReadonlyMap<string, unknown> = new Map<string, unknown>([
  ['an empty string', ''],
  ['513 bytes', 'x'.repeat(513)],
  ['513 bytes in 171 characters', '€'.repeat(171)],
  ['NUL', 'a\0b'],
  ['a lone surrogate', 'a\ud800'],
  ['a number', 7],
  ['null', null],
  ['undefined', undefined],
  ['an operator', { $ne: '' }],
  ['an array', ['t1']],
  ['a boolean', true],
])
