/** What the contract does not hold to a real Consul, and where it is tested of the emulated one. */
export const ONLY_EMULATED: readonly {
  readonly what: string
  readonly test: string
  readonly name: string
}[] = [
  {
    what: 'an output without a change of status reaches the servers after five minutes',
    test: 'test/sandbox/consul/time.test.ts',
    name: 'an output alone reaches the servers after five minutes',
  },
  {
    what: 'a service goes when its check has been critical for longer than it may be, a minute at least',
    test: 'test/sandbox/consul/time.test.ts',
    name: 'a service that is critical for too long goes',
  },
  {
    what: 'a session that nobody renews ends after twice its time to live',
    test: 'test/sandbox/consul/time.test.ts',
    name: 'a session that nobody renews ends',
  },
  {
    what: 'what is not emulated is 501, naming the route',
    test: 'test/sandbox/consul/emulator.test.ts',
    name: 'answers 501 to what it does not emulate',
  },
  {
    what: 'checks of addresses that are not of this machine pass, and nothing is connected to',
    test: 'test/sandbox/consul/emulator.test.ts',
    name: 'takes what lies elsewhere to be well',
  },
  {
    what: 'services of emulated allocations pass for as long as these run; nobody runs their checks',
    test: 'test/sandbox/consul/nomad-services.test.ts',
    name: 'are there while it runs',
  },
]
