# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "opik-mysql" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "opik"
  }

  ui {
    description = "Opik's state."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "11m30s"
    progress_deadline = "23m"
    auto_revert       = true
  }

  group "opik-mysql" {
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

      hostname = "opik-mysql"
    }

    service {
      name         = "opik-mysql"
      provider     = "consul"
      port         = "3306"
      address_mode = "alloc"
      tags         = ["e2i", "service", "opik"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "opik-mysql"
        tier    = "opik"
        version = "8.4.2"
      }

      check {
        name     = "script"
        type     = "script"
        task     = "opik-mysql"
        command  = "mysqladmin"
        args     = ["ping", "-h", "127.0.0.1", "--silent"]
        interval = "5s"
        timeout  = "5s"

        check_restart {
          limit = 60
          grace = "49s"
        }
      }
    }

    task "opik-mysql" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image        = "mysql:8.4.2"
        security_opt = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "opik"
          "e2i.component" = "mysql"
        }

        mount {
          type   = "volume"
          target = "/var/lib/mysql"
          source = "e2i_opik_mysql"
        }
      }

      env = {
        MYSQL_DATABASE = "opik"
        MYSQL_USER     = "opik"
      }

      template {
        destination          = "secrets/runtime.env"
        env                  = true
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
MYSQL_PASSWORD={{ with nomadVar "nomad/jobs" }}{{ .opik_mysql_password.Value | toJSON }}{{ end }}
MYSQL_ROOT_PASSWORD={{ with nomadVar "nomad/jobs" }}{{ .opik_mysql_root_password.Value | toJSON }}{{ end }}
EOT
      }

      resources {
        cpu    = 2500
        memory = 1024
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
