/** An answer of Consul's other than 200: its status and its words, as `text/plain`. */
export class ConsulError extends Error {
  override readonly name = 'ConsulError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
