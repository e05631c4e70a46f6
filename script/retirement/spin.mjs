// Computes without waiting.
export default function spin(job) {
  const end = Date.now() + job.data.ms
  while (Date.now() < end);
  return process.pid
}
