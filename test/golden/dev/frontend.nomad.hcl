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
        to     = 5173
      }
    }

    service {
      name         = "frontend"
      provider     = "consul"
      port         = "5173"
      address_mode = "alloc"
      tags         = ["e2i", "service", "application"]

      meta {
        stack   = "e2i"
        kind    = "service"
        job     = "frontend"
        tier    = "application"
        version = "development"
      }

      check {
        name                     = "http"
        type                     = "http"
        port                     = "5173"
        path                     = "/"
        interval                 = "30s"
        timeout                  = "10s"
        failures_before_critical = 3
        address_mode             = "alloc"

        check_restart {
          limit = 1
          grace = "1m49s"
        }
      }
    }

    task "frontend" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image        = "e2i-causal-analytics/frontend:development"
        command      = "npm"
        args         = ["run", "dev", "--", "--host", "0.0.0.0", "--port", "5173"]
        security_opt = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "application"
          "e2i.component" = "frontend"
        }

        mount {
          type   = "bind"
          target = "/app/src"
          source = "/opt/e2i/frontend/src"
        }

        mount {
          type   = "bind"
          target = "/app/public"
          source = "/opt/e2i/frontend/public"
        }

        mount {
          type     = "bind"
          target   = "/etc/nginx/conf.d/default.conf"
          source   = "local/etc/nginx/conf.d/default.conf"
          readonly = true
        }
      }

      env = {
        NODE_ENV             = "development"
        VITE_API_URL         = "/api"
        VITE_COPILOT_ENABLED = "true"
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
        memory     = 512
        memory_max = 2048
      }

      logs {
        max_files     = 3
        max_file_size = 10
      }
    }
  }
}
