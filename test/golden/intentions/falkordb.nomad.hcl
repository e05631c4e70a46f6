# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "falkordb" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "infrastructure"
  }

  ui {
    description = "Semantic memory, the knowledge graph."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "falkordb" {
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
        static       = 6381
        to           = 6379
        host_network = "loopback"
      }
    }

    service {
      name     = "falkordb"
      provider = "consul"
      port     = "6379"
      tags     = ["e2i", "service", "infrastructure"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "falkordb"
        tier    = "infrastructure"
        version = "v4.14.11"
      }

      check {
        name     = "script"
        type     = "script"
        task     = "falkordb"
        command  = "redis-cli"
        args     = ["-p", "6379", "ping"]
        interval = "10s"
        timeout  = "5s"

        check_restart {
          limit = 5
          grace = "34s"
        }
      }

      connect {
        sidecar_service {}
      }
    }

    task "falkordb" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image        = "falkordb/falkordb:v4.14.11"
        security_opt = ["no-new-privileges:true"]
        labels = {
          "e2i.service" = "infrastructure"
          "e2i.memory"  = "semantic"
        }

        mount {
          type   = "volume"
          target = "/data"
          source = "e2i_falkordb_data"
        }
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
FALKORDB_ARGS="--maxmemory 1gb --requirepass "{{ with nomadVar "nomad/jobs" }}{{ .falkordb_password.Value | toJSON }}{{ end }}
REDISCLI_AUTH={{ with nomadVar "nomad/jobs" }}{{ .falkordb_password.Value | toJSON }}{{ end }}
EOT
      }

      resources {
        cpu        = 1250
        memory     = 1024
        memory_max = 2048
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
