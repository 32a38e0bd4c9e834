import { startIdleService } from './docker.ts'
import type { RedisHost } from './redis-host.ts'

/** One container in which all programs run, so that 127.0.0.1 means the same inside and out. */
export async function redisInContainer(ports: readonly number[]): Promise<RedisHost> {
  const container = await startIdleService('redis', ports)
  const signal = (name: string, port: number) => container.run('kill -s "$1" "$(cat "/tmp/$2/pid")"', name, `${port}`)
  return {
    run: async (port, settings) => {
      const start = () => container.run(startScript, `${port}`, ...settings)
      await start()
      return {
        start,
        kill: async () => {
          await signal('KILL', port)
          await container.run('while redis-cli -p "$1" ping; do :; done', `${port}`)
        },
        pause: () => signal('STOP', port),
        resume: () => signal('CONT', port),
      }
    },
    stop: container.stop,
  }
}

/** $1 is the port, settings follow. A port that is taken, or a setting that is wrong, is in the log. */
const startScript = `
folder=/tmp/$1
mkdir -p "$folder" && cd "$folder" && touch redis.conf log
redis-server redis.conf --daemonize yes --pidfile "$folder/pid" --logfile "$folder/log" \\
  --bind 0.0.0.0 --protected-mode no --port "$@" || { tail -n 3 log; exit 1; }
end=$(($(date +%s) + 30))
until redis-cli -p "$1" ping | grep -q PONG; do
  if [ "$(date +%s)" -gt "$end" ]; then tail -n 3 log; exit 1; fi
  sleep 0.05
done`
