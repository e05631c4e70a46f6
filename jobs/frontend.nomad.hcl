# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "frontend" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "application"
  }

  ui {
    description = "The dashboard, served by nginx."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "frontend" {
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

      port "http" {
        static = 3002
        to     = 80
      }
    }

    service {
      name         = "frontend"
      provider     = "consul"
      port         = "80"
      address_mode = "alloc"
      tags         = ["e2i", "service", "application"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "frontend"
        tier    = "application"
        version = "production"
      }

      check {
        name                     = "http"
        type                     = "http"
        port                     = "80"
        path                     = "/health"
        interval                 = "30s"
        timeout                  = "10s"
        failures_before_critical = 3
        address_mode             = "alloc"

        check_restart {
          limit = 1
          grace = "34s"
        }
      }
    }

    task "frontend" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image           = "e2i-causal-analytics/frontend:production"
        readonly_rootfs = true
        security_opt    = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "application"
          "e2i.component" = "frontend"
        }

        mount {
          type     = "bind"
          target   = "/etc/nginx/conf.d/default.conf"
          source   = "local/etc/nginx/conf.d/default.conf"
          readonly = true
        }

        mount {
          type   = "tmpfs"
          target = "/var/cache/nginx"

          tmpfs_options {
            size = 10485760
            mode = 504
          }
        }

        mount {
          type   = "tmpfs"
          target = "/var/run"

          tmpfs_options {
            size = 5242880
            mode = 504
          }
        }
      }

      template {
        destination          = "local/etc/nginx/conf.d/default.conf"
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
# The dashboard's own server: its files, and the API behind the same address.
server {
  listen 80;
  root /usr/share/nginx/html;

  location = /health {
    access_log off;
    default_type text/plain;
    return 200 "ok\n";
  }

  location /api/ {
    proxy_pass http://{{ with service "api" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/api" }}{{ end }};
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_read_timeout 120s;
  }

  location / {
    try_files $uri $uri/ /index.html;
  }
}
EOT
      }

      template {
        destination = "local/waited-for"
        change_mode = "noop"
        data        = <<EOT
api{{ with service "api" }}{{ else }}{{ key "drover/waits-for/api" }}{{ end }}
EOT
      }

      resources {
        cpu        = 625
        memory     = 256
        memory_max = 512
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
