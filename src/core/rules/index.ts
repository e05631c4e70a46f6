import type { Issue } from '../issue.ts'
import type { Stack } from '../stack/stack.ts'
import * as celery from './celery.ts'
import { runRules } from './check-stack.ts'
import * as checks from './checks.ts'
import { addressCycle, dependencyCycle } from './cycles.ts'
import { unknownNetwork, unknownSecret, unknownVolume } from './definitions.ts'
import * as dependencies from './dependencies.ts'
import * as config from './driver-config.ts'
import * as fields from './driver-fields.ts'
import { imageLatest } from './images.ts'
import * as isolation from './isolation.ts'
import * as lifecycle from './lifecycle.ts'
import * as mesh from './mesh.ts'
import { mountTargetTaken, volumeOnManyNodes } from './mounts.ts'
import * as names from './names.ts'
import { badCron, unknownTimeZone } from './periodic.ts'
import * as placement from './placement.ts'
import * as ports from './ports.ts'
import * as queues from './queues.ts'
import * as references from './references.ts'
import * as resources from './resources.ts'
import type { Rule } from './rule.ts'
import { nomadVariableUnknown, runtimeVariableUnknown } from './runtime-variables.ts'
import * as scaling from './scaling.ts'
import { secretInArguments, secretLiteral } from './secrets.ts'
import { badSilence, unusedSilence } from './silence.ts'
import { badText, reservedVariable, variableTooLong } from './text.ts'

/** Every rule, in the order in which docs/lint.md shows them. A new one is its file and a line here. */
export const RULES: readonly Rule[] = [
  // Names
  names.duplicateName,
  names.reservedTaskName,
  names.serviceNameTaken,
  names.serviceNameTooLong,
  names.serviceNameMapped,
  // Dependencies and references
  dependencies.unknownDependency,
  dependencies.neverCompletes,
  dependencies.dependencyInvisible,
  dependencies.dependencyProfile,
  dependencies.completedPartIgnored,
  dependencyCycle,
  addressCycle,
  references.unknownService,
  references.serviceWithoutPorts,
  references.unknownPort,
  references.ambiguousPort,
  references.noCommonNetwork,
  references.brokerNotRedis,
  unknownSecret,
  unknownVolume,
  unknownNetwork,
  // Ports and networks
  ports.portRepeated,
  ports.portLabelTaken,
  ports.addressTaken,
  ports.unknownHostNetwork,
  ports.staticPortCount,
  isolation.portsWithoutNetwork,
  isolation.hostnameInBridge,
  isolation.networksNotIsolated,
  isolation.dockerOneNetwork,
  isolation.isolationNeedsDocker,
  mesh.tcpCheckInMesh,
  mesh.outsideMesh,
  isolation.addressesNeedOneNode,
  // Resources, volumes and drivers
  resources.reservationAboveLimit,
  resources.cpuAndCores,
  resources.hardLimit,
  resources.memoryMaxIgnored,
  resources.tmpfsOverMemory,
  resources.tmpfsLarge,
  mountTargetTaken,
  volumeOnManyNodes,
  fields.missingImage,
  fields.missingCommand,
  fields.fieldNotForDriver,
  fields.mountNotForDriver,
  fields.fileOutsideTask,
  fields.hostPathRefused,
  config.unknownConfigKey,
  config.wrongConfigValue,
  config.configOverridesField,
  imageLatest,
  // Checks and deployments
  checks.checkWithoutPort,
  checks.checkTooFast,
  checks.checkTimeoutLong,
  checks.checkAlwaysPasses,
  checks.noCheck,
  lifecycle.restartImpossible,
  lifecycle.deadlineOrder,
  lifecycle.killTimeoutLate,
  lifecycle.promoteWithoutCanary,
  lifecycle.killTimeoutCapped,
  placement.unknownOperator,
  placement.operatorValue,
  placement.unknownAttribute,
  placement.spreadOverAll,
  badCron,
  unknownTimeZone,
  // Secrets and texts
  secretLiteral,
  secretInArguments,
  badText,
  reservedVariable,
  variableTooLong,
  runtimeVariableUnknown,
  nomadVariableUnknown,
  // Queues and scaling
  queues.queueShared,
  queues.queueUnconsumed,
  queues.workerKillable,
  queues.workersInOneJob,
  queues.brokerEvicts,
  celery.visibilityTimeout,
  celery.timeLimitsDisagree,
  celery.prefetchHidesBacklog,
  celery.acksEarly,
  celery.workerNotIdentified,
  celery.workerCommandDisagrees,
  scaling.scaleBounds,
  scaling.stepThresholds,
  scaling.unknownWorker,
  scaling.scheduleBounds,
  scaling.scheduleWindow,
  scaling.unknownSchedule,
  scaling.budgetWithoutPrices,
  // Silences, which are judged when all else is known
  badSilence,
  unusedSilence,
]

/** Everything that is wrong with a stack, apart from what it silences, in the order of the rules. */
export function checkStack(stack: Stack): Issue[] {
  return runRules(stack, RULES)
}
