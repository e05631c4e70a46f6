# Rendered by drover from the stack e2i. Edit its stack file, not this one.
job "opik-frontend" {
  type        = "service"
  datacenters = ["*"]

  meta = {
    drover_stack = "e2i"
    drover_kind  = "service"
    tier         = "opik"
  }

  ui {
    description = "Opik's dashboard."
  }

  update {
    max_parallel      = 1
    health_check      = "checks"
    min_healthy_time  = "10s"
    healthy_deadline  = "5m"
    progress_deadline = "10m"
    auto_revert       = true
  }

  group "opik-frontend" {
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
        to = 80
      }

      port "http_loopback" {
        static       = 5173
        to           = 80
        host_network = "loopback"
      }
    }

    task "opik-frontend" {
      driver       = "docker"
      kill_timeout = "30s"

      config {
        image           = "ghcr.io/comet-ml/opik/opik-frontend:1.10.8"
        ports           = ["http_loopback"]
        network_mode    = "e2i_opik"
        network_aliases = ["opik-frontend"]
        hostname        = "opik-frontend"
        security_opt    = ["no-new-privileges:true"]
        labels = {
          "e2i.service"   = "opik"
          "e2i.component" = "frontend"
        }

        mount {
          type     = "bind"
          target   = "/etc/nginx/conf.d/default.conf"
          source   = "local/etc/nginx/conf.d/default.conf"
          readonly = true
        }
      }

      env = {
        OPIK_VERSION = "1.10.8"
        OTEL_TRACE   = "off"
      }

      template {
        destination          = "local/etc/nginx/conf.d/default.conf"
        change_mode          = "restart"
        error_on_missing_key = true
        data                 = <<EOT
# Opik's pages, and its backend behind /api.
server {
  listen 80;
  root /usr/share/nginx/html;
  client_max_body_size 500m;

  location /api/ {
    rewrite ^/api/(.*)$ /$1 break;
    proxy_pass http://{{ with service "opik-backend" }}{{ with index . 0 }}{{ .Address }}:{{ .Port }}{{ end }}{{ else }}{{ key "drover/waits-for/opik-backend" }}{{ end }};
    proxy_set_header Host $host;
    proxy_read_timeout 90s;
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
opik-backend{{ with service "opik-backend" }}{{ else }}{{ key "drover/waits-for/opik-backend" }}{{ end }}
EOT
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
        name         = "opik-frontend"
        provider     = "consul"
        port         = "http"
        address_mode = "driver"
        tags         = ["e2i", "service", "opik"]

        meta {
          stack   = "e2i"
          kind    = "service"
          job     = "opik-frontend"
          tier    = "opik"
          version = "1.10.8"
        }

        check {
          name                     = "http"
          type                     = "http"
          port                     = "http"
          path                     = "/"
          interval                 = "10s"
          timeout                  = "10s"
          failures_before_critical = 10
          address_mode             = "driver"

          check_restart {
            limit = 1
            grace = "29s"
          }
        }
      }
    }
  }
}
