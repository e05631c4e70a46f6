# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "bentoml" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "mlops"
  }

  ui {
    description = "Serves the registered models."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "bentoml" {
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
        static       = 3000
        to           = 3000
        host_network = "loopback"
      }
    }

    service {
      name         = "bentoml"
      provider     = "consul"
      port         = "3000"
      address_mode = "alloc"
      tags         = ["e2i", "service", "mlops"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "bentoml"
        tier    = "mlops"
        version = "production"
      }

      check {
        name                     = "http"
        type                     = "http"
        port                     = "3000"
        path                     = "/healthz"
        interval                 = "30s"
        timeout                  = "10s"
        failures_before_critical = 3
        address_mode             = "alloc"

        check_restart {
          limit = 1
          grace = "1m19s"
        }
      }
    }

    task "bentoml" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image        = "e2i-causal-analytics/bentoml:production"
        security_opt = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "mlops"
          "e2i.component" = "model-serving"
        }

        mount {
          type   = "volume"
          target = "/home/bentoml/bentos"
          source = "e2i_bentoml_models"
        }

        mount {
          type     = "volume"
          target   = "/models"
          source   = "e2i_model_registry"
          readonly = true
        }
      }

      env = {
        BENTOML_HOME = "/home/bentoml"
        BENTOML_PORT = "3000"
        LOG_LEVEL    = "DEBUG"
      }

      template {
        destination = "local/waited-for"
        change_mode = "noop"
        data        = <<EOT
mlflow{{ with service "mlflow" }}{{ else }}{{ key "drover/waits-for/mlflow" }}{{ end }}
EOT
      }

      resources {
        cpu    = 2500
        memory = 2048
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
