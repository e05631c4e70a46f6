# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "redis" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "infrastructure"
  }

  ui {
    description = "Working memory, agent checkpoints and the broker of the workers."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "redis" {
    count          = 1
    shutdown_delay = "5s"

    restart {
      attempts = 3
      interval = "1m"
      delay    = "15s"
      mode     = "delay"
    }

    reschedule {
      delay          = "30s"
      delay_function = "exponential"
      max_delay      = "10m"
      unlimited      = true
    }

    network {
      mode = "bridge"

      port "redis_loopback" {
        static       = 6382
        to           = 6379
        host_network = "loopback"
      }
    }

    service {
      name         = "redis"
      provider     = "consul"
      port         = "6379"
      address_mode = "alloc"
      tags         = ["e2i", "service", "infrastructure"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "redis"
        tier    = "infrastructure"
        version = "7-alpine"
      }

      check {
        name     = "script"
        type     = "script"
        task     = "redis"
        command  = "redis-cli"
        args     = ["ping"]
        interval = "10s"
        timeout  = "5s"

        check_restart {
          limit = 5
          grace = "29s"
        }
      }
    }

    task "config-check" {
      driver       = "docker"
      kill_timeout = "30s"

      lifecycle {
        hook    = "prestart"
        sidecar = false
      }

      config {
        image      = "alpine:3.19"
        entrypoint = ["/bin/sh", "-c"]
        args = [
          "for name in REDIS_PASSWORD FALKORDB_PASSWORD; do\n  eval \"value=\\$$name\"\n  if [ -z \"$value\" ] || [ \"$value\" = changeme ]; then\n    echo \"$name is not set to a password of your own\"\n    exit 1\n  fi\ndone\n",
        ]
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
FALKORDB_PASSWORD={{ with nomadVar "nomad/jobs" }}{{ .falkordb_password.Value | toJSON }}{{ end }}
REDIS_PASSWORD={{ with nomadVar "nomad/jobs" }}{{ .redis_password.Value | toJSON }}{{ end }}
EOT
      }

      resources {
        cpu    = 250
        memory = 64
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }

    task "redis" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image        = "redis:7-alpine"
        command      = "redis-server"
        args         = ["/secrets/redis.conf", "--loglevel", "verbose"]
        security_opt = ["no-new-privileges:true"]
        labels = {
          "e2i.service" = "infrastructure"
          "e2i.memory"  = "working"
        }

        mount {
          type   = "volume"
          target = "/data"
          source = "e2i_redis_data"
        }
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
REDISCLI_AUTH={{ with nomadVar "nomad/jobs" }}{{ .redis_password.Value | toJSON }}{{ end }}
EOT
      }

      template {
        destination          = "secrets/redis.conf"
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
dir /data
appendonly yes
maxmemory 512mb
# The queues live here: a full store must refuse a task, never drop one.
maxmemory-policy noeviction
requirepass {{ with nomadVar "nomad/jobs" }}{{ .redis_password.Value | toUnescapedJSON }}{{ end }}
EOT
      }

      resources {
        cpu        = 1250
        memory     = 512
        memory_max = 1024
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
