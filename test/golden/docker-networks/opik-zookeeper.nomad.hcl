# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "opik-zookeeper" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "opik"
  }

  ui {
    description = "Coordinates ClickHouse."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "11m30s"
    progress_deadline = "23m"
    auto_revert       = true
  }

  group "opik-zookeeper" {
    count = 1

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
      port "client" {
        to = 2181
      }
    }

    task "opik-zookeeper" {
      driver       = "docker"
      user         = "root"
      kill_timeout = "30s"

      config {
        image      = "zookeeper:3.9.4"
        entrypoint = ["/bin/bash", "-c"]
        args = [
          "mkdir -p \"$ZOO_DATA_DIR\"\nchown -R zookeeper:zookeeper /bitnami/zookeeper\nexec gosu zookeeper /docker-entrypoint.sh zkServer.sh start-foreground\n",
        ]
        network_mode    = "e2i_opik"
        network_aliases = ["opik-zookeeper"]
        hostname        = "opik-zookeeper"
        security_opt    = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "opik"
          "e2i.component" = "zookeeper"
        }

        mount {
          type   = "volume"
          target = "/bitnami/zookeeper"
          source = "e2i_opik_zookeeper"
        }
      }

      env = {
        JVMFLAGS                   = "-Xmx256m"
        ZOO_4LW_COMMANDS_WHITELIST = "srvr,ruok"
        ZOO_DATA_DIR               = "/bitnami/zookeeper/data"
        ZOO_DATA_LOG_DIR           = "/bitnami/zookeeper/data"
      }

      resources {
        cpu    = 1250
        memory = 512
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }

      shutdown_delay = "5s"

      service {
        name         = "opik-zookeeper"
        provider     = "consul"
        port         = "client"
        address_mode = "driver"
        tags         = ["e2i", "service", "opik"]

        meta {
          stack   = "e2i"
          kind    = "service"
          job     = "opik-zookeeper"
          tier    = "opik"
          version = "3.9.4"
        }

        check {
          name     = "script"
          type     = "script"
          command  = "/bin/sh"
          args     = ["-c", "echo ruok | nc localhost 2181 | grep -q imok"]
          interval = "5s"
          timeout  = "5s"

          check_restart {
            limit = 60
            grace = "49s"
          }
        }
      }
    }
  }
}
