/** An answer of Nomad's other than 200: its status and its words, as `text/plain`. */
export class NomadError extends Error {
  override readonly name = 'NomadError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
