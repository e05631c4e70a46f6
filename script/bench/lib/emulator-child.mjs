// node emulator-child.mjs BUNDLE GROUPS: an emulated Nomad with so many worker groups at count 0. Sends its address, and
// then answers {ask: 'mark'} and {ask: 'scaled', count} with the times at which jobs were changed, ms since 1970.
const [bundle, groups] = process.argv.slice(2)
const { simulatedRunner, startNomadEmulator } = await import(bundle)
const nomad = await startNomadEmulator({ runner: simulatedRunner({ startUpMs: 1000 }) })

for (let n = 0; n < Number(groups); n++) {
  const name = `group-${n}`
  const task = {
    Name: name,
    Driver: 'raw_exec',
    Config: { command: '/bin/true' },
    Resources: { CPU: 100, MemoryMB: 64 },
  }
  const group = {
    Name: name,
    Count: 0,
    Scaling: { Enabled: false, Min: 0, Max: 4, Policy: null },
    Tasks: [task],
  }
  const Job = {
    ID: name,
    Name: name,
    Type: 'batch',
    Datacenters: ['*'],
    Meta: { drover_kind: 'worker' },
    TaskGroups: [group],
  }
  const { ok, status } = await fetch(`${nomad.address}/v1/jobs`, {
    method: 'PUT',
    body: JSON.stringify({ Job }),
  })
  if (!ok) throw new Error(`registering ${name}: ${status}`)
}

let times = []
let wanted = Infinity
const tell = () => {
  if (times.length < wanted) return
  process.send(times.slice(0, wanted))
  wanted = Infinity
}
process.on('message', ({ ask, count }) => {
  if (ask === 'mark') {
    times = []
    process.send('marked')
  } else {
    wanted = count
    tell()
  }
})
process.send(nomad.address)

const response = await fetch(`${nomad.address}/v1/event/stream?topic=Job`)
const decoder = new TextDecoder()
let rest = ''
for await (const chunk of response.body) {
  const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
  rest = lines.pop()
  for (const line of lines)
    for (const event of JSON.parse(line).Events ?? []) if (event.Topic === 'Job') times.push(Date.now())
  tell()
}
