# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "opik-redis" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "opik"
  }

  ui {
    description = "Opik's cache and job queue."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "opik-redis" {
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

      hostname = "opik-redis"
    }

    service {
      name         = "opik-redis"
      provider     = "consul"
      port         = "6379"
      address_mode = "alloc"
      tags         = ["e2i", "service", "opik"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "opik-redis"
        tier    = "opik"
        version = "7.2.4-alpine3.19"
      }

      check {
        name                     = "tcp"
        type                     = "tcp"
        port                     = "6379"
        interval                 = "5s"
        timeout                  = "5s"
        failures_before_critical = 20
        address_mode             = "alloc"

        check_restart {
          limit = 1
          grace = "29s"
        }
      }
    }

    task "opik-redis" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image        = "redis:7.2.4-alpine3.19"
        command      = "redis-server"
        args         = ["/secrets/redis.conf"]
        security_opt = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "opik"
          "e2i.component" = "redis"
        }

        mount {
          type   = "volume"
          target = "/data"
          source = "e2i_opik_redis_data"
        }
      }

      template {
        destination          = "secrets/redis.conf"
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
dir /data
requirepass {{ with nomadVar "nomad/jobs" }}{{ .opik_redis_password.Value | toUnescapedJSON }}{{ end }}
EOT
      }

      resources {
        cpu    = 1250
        memory = 512
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
