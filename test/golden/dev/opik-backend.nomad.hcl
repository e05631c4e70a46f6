# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "opik-backend" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "opik"
  }

  ui {
    description = "Opik's Java API."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "19m30s"
    progress_deadline = "39m"
    auto_revert       = true
  }

  group "opik-backend" {
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

      port "http_loopback" {
        static       = 8084
        to           = 8080
        host_network = "loopback"
      }

      hostname = "opik-backend"
    }

    service {
      name         = "opik-backend"
      provider     = "consul"
      port         = "8080"
      address_mode = "alloc"
      tags         = ["e2i", "service", "opik"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "opik-backend"
        tier    = "opik"
        version = "1.10.8"
      }

      check {
        name                     = "http"
        type                     = "http"
        port                     = "8080"
        path                     = "/health-check"
        interval                 = "10s"
        timeout                  = "8s"
        failures_before_critical = 60
        address_mode             = "alloc"

        check_restart {
          limit = 1
          grace = "49s"
        }
      }
    }

    task "opik-backend" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image        = "ghcr.io/comet-ml/opik/opik-backend:1.10.8"
        command      = "bash"
        args         = ["-c", "./run_db_migrations.sh && ./entrypoint.sh"]
        security_opt = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "opik"
          "e2i.component" = "backend"
        }

        mount {
          type   = "tmpfs"
          target = "/tmp"

          tmpfs_options {
            size = 104857600
            mode = 1016
          }
        }
      }

      env = {
        ANALYTICS_DB_DATABASE_NAME   = "opik"
        ANALYTICS_DB_MIGRATIONS_USER = "opik"
        ANALYTICS_DB_PROTOCOL        = "HTTP"
        ANALYTICS_DB_USERNAME        = "opik"
        CORS                         = "false"
        IS_MINIO                     = "true"
        JAVA_OPTS                    = "-Dliquibase.propertySubstitutionEnabled=true -XX:+UseG1GC -XX:MaxRAMPercentage=80.0"
        OPIK_OTEL_SDK_ENABLED        = "false"
        OPIK_USAGE_REPORT_ENABLED    = "true"
        STATE_DB_DATABASE_NAME       = "opik"
        STATE_DB_PROTOCOL            = "jdbc:mysql://"
        STATE_DB_USER                = "opik"
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
ANALYTICS_DB_HOST={{ with service "opik-clickhouse" }}{{ with index . 0 }}{{ .Address }}{{ end }}{{ else }}{{ key "drover/waits-for/opik-clickhouse" }}{{ end }}
ANALYTICS_DB_MIGRATIONS_PASS={{ with nomadVar "nomad/jobs" }}{{ .opik_clickhouse_password.Value | toJSON }}{{ end }}
ANALYTICS_DB_MIGRATIONS_URL="jdbc:clickhouse://"{{ with service "opik-clickhouse" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/opik-clickhouse" }}{{ end }}
ANALYTICS_DB_PASS={{ with nomadVar "nomad/jobs" }}{{ .opik_clickhouse_password.Value | toJSON }}{{ end }}
ANALYTICS_DB_PORT={{ with service "opik-clickhouse" }}{{ with index . 0 }}{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/opik-clickhouse" }}{{ end }}
AWS_ACCESS_KEY_ID={{ with nomadVar "nomad/jobs" }}{{ .opik_minio_root_user.Value | toJSON }}{{ end }}
AWS_SECRET_ACCESS_KEY={{ with nomadVar "nomad/jobs" }}{{ .opik_minio_root_password.Value | toJSON }}{{ end }}
PYTHON_EVALUATOR_URL="http://"{{ with service "opik-python-backend" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}opik-python-backend.service.consul:8001{{ end }}
REDIS_URL="redis://:"{{ with nomadVar "nomad/jobs" }}{{ .opik_redis_password.Value | toJSON }}{{ end }}"@"{{ with service "opik-redis" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/opik-redis" }}{{ end }}"/"
S3_URL="http://"{{ with service "opik-minio" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/opik-minio" }}{{ end }}
STATE_DB_PASS={{ with nomadVar "nomad/jobs" }}{{ .opik_mysql_password.Value | toJSON }}{{ end }}
STATE_DB_URL={{ with service "opik-mysql" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/opik-mysql" }}{{ end }}"/opik?createDatabaseIfNotExist=true&rewriteBatchedStatements=true"
EOT
      }

      resources {
        cpu    = 5000
        memory = 2048
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
