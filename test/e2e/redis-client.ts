import { connect } from 'node:net'

/** Sends commands to a Redis one after the other, each as one line, and returns the first line of each answer. */
export function askRedis(
  host: string,
  port: number,
  commands: readonly (readonly string[])[],
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port })
    const answers: string[] = []
    let text = ''
    const send = (): void => {
      const command = commands[answers.length]
      if (command) socket.write(encode(command))
      else {
        socket.destroy()
        resolve(answers)
      }
    }
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer from Redis in 5 s')))
    socket.once('error', reject)
    socket.once('connect', send)
    socket.on('data', (chunk) => {
      text += chunk.toString()
      if (!text.endsWith('\r\n')) return
      answers.push(text.split('\r\n')[0] ?? '')
      text = ''
      send()
    })
  })
}

function encode(words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
}
