/**
 * The tag by which Nomad keeps a version of a job that the next one has replaced, so that scales, of which each makes a
 * version, do not push it out of reach of `nomad job revert`; without one Nomad keeps six. Never of the present version:
 * a scale hands its tag on, and Nomad keeps all that have one. A tagged version also keeps a dead batch job from being
 * collected as garbage.
 */
export function versionTag(version: number): string {
  return `drover-v${version}`
}
