job "worker" {
  type        = "batch"
  datacenters = ["*"]

  group "worker" {
    count = 2

    meta {
      queue = "default"
    }

    constraint {
      attribute = "$${attr.kernel.name}"
      value     = "linux"
    }

    scaling {
      min = 0
      max = 4

      policy {
        check "backlog" {
          source = "prometheus"

          strategy "threshold" {
            delta = 1
          }
        }
      }
    }

    network {
      mode = "bridge"

      port "http" {
        to = 8000
      }

      port "metrics" {}
    }

    task "worker" {
      driver       = "docker"
      kill_timeout = "5m"

      config {
        image = "example/worker:1.2"
        labels = {
          "com.example.role" = "worker"
          tier               = "light"
        }
        args = ["--name", "$${NOMAD_ALLOC_ID}"]

        mount {
          type   = "tmpfs"
          target = "/tmp"

          tmpfs_options {
            size = 1024
            mode = 1023
          }
        }
      }

      env {
        A = "1"
        B = "two"
      }

      template {
        destination = "local/x"
        data        = <<EOT
X={{ env "A" }}
EOT
      }
    }
  }
}
