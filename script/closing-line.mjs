/** Reporter for vitest: one last plain line, for programs that read the output: `12 passed, 0 failed, 1 skipped`. */
export default class ClosingLine {
  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) {
        const { state } = test.result()
        if (state in counts) counts[state] += 1
      }
      // A file that could not even be loaded has no tests, and has failed.
      if (tests.length === 0 && module.state() === 'failed') counts.failed += 1
    }
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
  }
}
