/** What the contract does not hold to a real Nomad, and where it is tested of the emulated one. */
export const ONLY_EMULATED: readonly {
  readonly what: string
  readonly test: string
  readonly name: string
}[] = [
  {
    what: 'ACLs: which token may do what (403 in the same words for all)',
    test: 'test/sandbox/nomad/faults.test.ts',
    name: "'%s may what it may'",
  },
  {
    what: 'no leader, 429, errors, latency, hanging requests, lost events, streams that end',
    test: 'test/sandbox/nomad/faults.test.ts',
    name: "'faults that are switched on'",
  },
  {
    what: "the agent's max_kill_timeout of 30 s caps a longer kill_timeout",
    test: 'test/sandbox/nomad/time.test.ts',
    name: 'a kill timeout is capped by the agent',
  },
  {
    what: 'a lock that a plain write has made is never over (of a real one seen for two minutes)',
    test: 'test/sandbox/nomad/time.test.ts',
    name: 'a lock that a plain write has made is never over',
  },
  {
    what: 'the delays of rescheduling grow: 30 s, 60 s, 120 s',
    test: 'test/sandbox/nomad/time.test.ts',
    name: 'is placed again after 30 s, 60 s, 120 s',
  },
  {
    what: 'restart mode "delay" waits for the interval to pass',
    test: 'test/sandbox/nomad/time.test.ts',
    name: 'mode "delay" with used-up attempts',
  },
  {
    what: 'a deployment fails at its progress deadline',
    test: 'test/sandbox/nomad/time.test.ts',
    name: 'a deployment without progress fails',
  },
  {
    what: 'prestart tasks end before the others start',
    test: 'test/sandbox/nomad/time.test.ts',
    name: 'what prepares ends before the others start',
  },
  {
    what: 'namespaces hold jobs and events apart',
    test: 'test/sandbox/nomad/emulator.test.ts',
    name: 'holds namespaces apart',
  },
  {
    what: 'a stream says every 30 s that it lives',
    test: 'test/sandbox/nomad/faults.test.ts',
    name: 'a stream says every 30 s',
  },
]
