# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "opik-clickhouse" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "opik"
  }

  ui {
    description = "Opik's traces."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "11m30s"
    progress_deadline = "23m"
    auto_revert       = true
  }

  group "opik-clickhouse" {
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

      hostname = "opik-clickhouse"
    }

    service {
      name         = "opik-clickhouse"
      provider     = "consul"
      port         = "8123"
      address_mode = "alloc"
      tags         = ["e2i", "service", "opik"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "opik-clickhouse"
        tier    = "opik"
        version = "25.3.6.56-alpine"
      }

      check {
        name                     = "http"
        type                     = "http"
        port                     = "8123"
        path                     = "/ping"
        interval                 = "5s"
        timeout                  = "5s"
        failures_before_critical = 60
        address_mode             = "alloc"

        check_restart {
          limit = 1
          grace = "49s"
        }
      }
    }

    service {
      name         = "opik-clickhouse-native"
      provider     = "consul"
      port         = "9000"
      address_mode = "alloc"
      tags         = ["e2i", "service", "opik"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "opik-clickhouse"
        tier    = "opik"
        version = "25.3.6.56-alpine"
      }
    }

    task "opik-clickhouse-init" {
      driver       = "docker"
      kill_timeout = "30s"

      lifecycle {
        hook    = "prestart"
        sidecar = false
      }

      config {
        image      = "alpine:3.19"
        entrypoint = ["/bin/sh", "-c"]
        command    = "cp -r /clickhouse_config_files/. /config/ && chown -R 1000:1000 /config"

        mount {
          type   = "volume"
          target = "/config"
          source = "e2i_opik_clickhouse_config"
        }

        mount {
          type     = "bind"
          target   = "/clickhouse_config_files/cluster.xml"
          source   = "local/clickhouse_config_files/cluster.xml"
          readonly = true
        }
      }

      template {
        destination          = "local/clickhouse_config_files/cluster.xml"
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
<clickhouse>
  <macros>
    <shard>1</shard>
    <replica>opik-clickhouse</replica>
    <cluster>cluster</cluster>
  </macros>
  <zookeeper>
    <node>
      <host>{{ with service "opik-zookeeper" }}{{ with index . 0 }}{{ .Address }}{{ end }}{{ else }}{{ key "drover/waits-for/opik-zookeeper" }}{{ end }}</host>
      <port>{{ with service "opik-zookeeper" }}{{ with index . 0 }}{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/opik-zookeeper" }}{{ end }}</port>
    </node>
    <session_timeout_ms>30000</session_timeout_ms>
  </zookeeper>
  <distributed_ddl>
    <path>/clickhouse/task_queue/ddl</path>
  </distributed_ddl>
  <remote_servers>
    <cluster>
      <shard>
        <replica>
          <host>localhost</host>
          <port>9000</port>
        </replica>
      </shard>
    </cluster>
  </remote_servers>
</clickhouse>
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

    task "opik-clickhouse" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image        = "clickhouse/clickhouse-server:25.3.6.56-alpine"
        security_opt = ["no-new-privileges:true"]
        ulimit = {
          nofile = "262144:262144"
        }
        labels = {
          "e2i.service"   = "opik"
          "e2i.component" = "clickhouse"
        }

        mount {
          type   = "volume"
          target = "/var/lib/clickhouse"
          source = "e2i_opik_clickhouse"
        }

        mount {
          type   = "volume"
          target = "/var/log/clickhouse-server"
          source = "e2i_opik_clickhouse_server"
        }

        mount {
          type   = "volume"
          target = "/etc/clickhouse-server/config.d"
          source = "e2i_opik_clickhouse_config"
        }
      }

      env = {
        CLICKHOUSE_DB                        = "opik"
        CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT = "1"
        CLICKHOUSE_USER                      = "opik"
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
CLICKHOUSE_PASSWORD={{ with nomadVar "nomad/jobs" }}{{ .opik_clickhouse_password.Value | toJSON }}{{ end }}
EOT
      }

      template {
        destination = "local/waited-for"
        change_mode = "noop"
        data        = <<EOT
opik-zookeeper{{ with service "opik-zookeeper" }}{{ else }}{{ key "drover/waits-for/opik-zookeeper" }}{{ end }}
EOT
      }

      resources {
        cpu    = 7500
        memory = 2048
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
