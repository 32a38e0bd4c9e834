/** An answer of the XML API that says no, by its own names: https://cloud.google.com/storage/docs/xml-api/reference-status */
export class GcsRefusal extends Error {
  readonly status: number
  readonly code: string
  /** Which header or parameter is wrong. */
  readonly parameter: string | undefined

  constructor(status: number, code: string, message: string, parameter?: string) {
    super(message)
    this.status = status
    this.code = code
    this.parameter = parameter
  }

  toXml(): string {
    const parameter = this.parameter === undefined ? '' : `<ParameterName>${this.parameter}</ParameterName>`
    const error = `<Code>${this.code}</Code><Message>${this.message}</Message>${parameter}`
    return `<?xml version='1.0' encoding='UTF-8'?><Error>${error}</Error>`
  }
}
