# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "mlflow" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "mlops"
  }

  ui {
    description = "Experiment tracking and the model registry."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "mlflow" {
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
      port "http" {
        to = 5000
      }

      port "http_loopback" {
        static       = 5000
        to           = 5000
        host_network = "loopback"
      }
    }

    task "mlflow" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image   = "ghcr.io/mlflow/mlflow:v3.1.0"
        command = "mlflow"
        args = [
          "server",
          "--backend-store-uri",
          "sqlite:///mlflow/db/mlflow.db",
          "--default-artifact-root",
          "mlflow-artifacts:",
          "--serve-artifacts",
          "--artifacts-destination",
          "/mlflow/artifacts",
          "--host",
          "0.0.0.0",
          "--port",
          "5000",
        ]
        ports           = ["http_loopback"]
        network_mode    = "e2i_platform"
        network_aliases = ["mlflow"]
        security_opt    = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "mlops"
          "e2i.component" = "experiment-tracking"
        }

        mount {
          type   = "volume"
          target = "/mlflow/db"
          source = "e2i_mlflow_db"
        }

        mount {
          type   = "volume"
          target = "/mlflow/artifacts"
          source = "e2i_mlflow_artifacts"
        }

        mount {
          type   = "volume"
          target = "/mlflow/ml_artifacts"
          source = "e2i_ml_artifacts"
        }

        mount {
          type   = "volume"
          target = "/mlflow/model_registry"
          source = "e2i_model_registry"
        }
      }

      env = {
        MLFLOW_ARTIFACT_ROOT = "/mlflow/artifacts"
        MLFLOW_TRACKING_URI  = "sqlite:///mlflow/db/mlflow.db"
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

      shutdown_delay = "5s"

      service {
        name         = "mlflow"
        provider     = "consul"
        port         = "http"
        address_mode = "driver"
        tags         = ["e2i", "service", "mlops"]

        meta {
          stack   = "e2i"
          kind    = "service"
          job     = "mlflow"
          tier    = "mlops"
          version = "v3.1.0"
        }

        check {
          name                     = "http"
          type                     = "http"
          port                     = "http"
          path                     = "/"
          interval                 = "30s"
          timeout                  = "10s"
          failures_before_critical = 3
          address_mode             = "driver"

          check_restart {
            limit = 1
            grace = "49s"
          }
        }
      }
    }
  }
}
