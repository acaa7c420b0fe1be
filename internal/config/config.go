// Package config is what an operator can set: one table of settings, read from
// flags, environment variables and an optional file, in this order of
// precedence.
//
// The table is the struct [Config]: its tags are understood by the command
// line (kong) and by this package, which derives the environment variables,
// the keys of the file, the ranges and the reference page from them. Nothing
// else in the program reads the environment for settings.
package config

import "time"

// Config holds the settings of `parley serve`. A field is one setting; its
// tags are its documentation: name (of the flag), default, min, max and enum
// (the range), unit, check (the form of a text) and help.
type Config struct {
	File string `name:"config" unit:"path" help:"YAML file with settings; its keys are the flag names with _ for -."`

	Listen        string `name:"listen" default:"127.0.0.1:8080" unit:"host:port" check:"address" help:"Address of the REST and socket faces."`
	MetricsListen string `name:"metrics-listen" default:"127.0.0.1:8081" unit:"host:port or off" check:"address-or-off" help:"Second address, with /healthz, /readyz and /metrics. Keep it private."`
	PublicURL     string `name:"public-url" unit:"URL" check:"url" help:"Base URL under which clients reach this server; links are built from it. Default: made from listen."`
	TLSCert       string `name:"tls-cert" unit:"path" help:"PEM file with the certificate chain; with tls-key the server speaks TLS."`
	TLSKey        string `name:"tls-key" unit:"path" help:"PEM file with the private key of tls-cert."`

	TrustedProxies []string `name:"trusted-proxy" unit:"address or CIDR" help:"Proxy whose X-Forwarded-For is believed; may be repeated. Without one the header is ignored."`

	Data            string        `name:"data" default:"./parley-data" unit:"path" help:"Directory of the database and the control socket; made when it does not exist."`
	Store           string        `name:"store" unit:"URL" check:"postgres" help:"PostgreSQL (15 or later) that keeps everything, such as postgres://parley@db/parley; many nodes may share one. A password may stand in it; give it in the environment then. Default: the database in data, for one node."`
	NATS            string        `name:"nats" unit:"URL" check:"nats" help:"NATS servers that carry hints between nodes, such as nats://bus:4222; several are separated by commas. Without one nodes ask the store each second. Needs store."`
	Node            string        `name:"node" unit:"name" check:"name" help:"Name of this node, as logs and other nodes show it. Default: the name of the machine."`
	Advertise       string        `name:"advertise" unit:"host:port" check:"host-port" help:"Address under which proxies and other nodes reach this one; it is shown, nothing connects to it. Default: listen."`
	Demo            bool          `name:"demo" help:"Run the example bot for integrations that name none, and make one to try it with."`
	EventRetention  time.Duration `name:"event-retention" default:"168h" min:"1h" max:"87600h" help:"How long events are kept after the end of their chain of sessions; a socket can resume as long."`
	BackupRetention time.Duration `name:"backup-retention" default:"0s" min:"0s" max:"87600h" help:"How long you keep backups of the data directory; the proof of an erasure names the day on which the last of them is gone. 0: you keep none."`
	StoreQueue      int           `name:"store-queue" default:"4096" min:"16" max:"1000000" unit:"changes" help:"Changes that may wait for the disk; when it is full callers get 503."`
	ShutdownDelay   time.Duration `name:"shutdown-delay" default:"3s" min:"0s" max:"5m" help:"Only with store: how long a node that got SIGTERM still takes requests, while /readyz says 503 and proxies turn to other nodes. It is no part of shutdown-grace."`
	ShutdownGrace   time.Duration `name:"shutdown-grace" default:"30s" min:"0s" max:"10m" help:"How long SIGTERM waits for running requests and turns."`

	MaxPending    int    `name:"max-pending" default:"32" min:"1" max:"10000" unit:"messages" help:"Accepted messages of one client without a finished turn; over it callers get 429. An integration may set its own."`
	SocketRate    int    `name:"socket-rate" default:"20" min:"1" max:"1000000" unit:"events per second" help:"Events one socket may send."`
	SocketBurst   int    `name:"socket-burst" default:"40" min:"1" max:"1000000" unit:"events" help:"Events one socket may send at once."`
	EnginesPerBot int    `name:"engines-per-bot" default:"64" min:"1" max:"1024" unit:"engines" help:"Script engines of one bot, about 1 MB each; as many turns may wait for HTTP answers at once."`
	Isolation     string `name:"isolation" default:"shared" enum:"shared,strict" help:"What turns of a bot share: the objects made while loading its scripts, or nothing (strict: a fresh engine per turn, some milliseconds slower)."`

	WebhookWorkers       int  `name:"webhook-workers" default:"64" min:"1" max:"1024" unit:"requests" help:"Webhooks under way at the same time. One integration gets no more while it holds as many as are free, so that a receiver that hangs holds nobody up."`
	AllowHTTPWebhooks    bool `name:"allow-http-webhooks" help:"Admit webhook URLs without TLS."`
	AllowPrivateWebhooks bool `name:"allow-private-webhooks" help:"Admit webhook receivers on loopback and private addresses. Link-local and cloud metadata addresses stay refused."`

	ScriptNetworks []string `name:"script-network" unit:"address or CIDR" help:"Loopback or private network that scripts may call with $http and $mail; may be repeated. Link-local and cloud metadata addresses stay refused."`
	Secrets        string   `name:"secrets" unit:"path" help:"JSON file with the values of $secrets and $env: {\"secrets\": {}, \"env\": {}, \"bots\": {\"name\": {\"secrets\": {}, \"env\": {}}}}. Variables PARLEY_SECRET_NAME and PARLEY_ENV_NAME win over it."`
	SMTP           string   `name:"smtp" unit:"host:port" check:"address" help:"Mail server of $mail.sendMessage; the port 465 speaks TLS from the start. The password is the secret SMTP_PASSWORD."`
	SMTPUser       string   `name:"smtp-user" unit:"name" help:"User at the mail server; without one nobody logs in."`
	SMTPFrom       string   `name:"smtp-from" unit:"mail address" help:"Sender of $mail.sendMessage. Default: smtp-user."`
	GPTURL         string   `name:"gpt-url" unit:"URL" check:"url" help:"Base URL of an OpenAI-compatible service for $gpt, such as https://api.openai.com/v1. The key is the secret GPT_API_KEY."`
	GPTModel       string   `name:"gpt-model" unit:"name" help:"Model that $gpt asks."`
	NLUURL         string   `name:"nlu-url" unit:"URL" check:"url" help:"Base URL of an OpenAI-compatible service that tells which intent a text means; the local classifier answers when it fails or takes over 2 s. The key is the secret NLU_API_KEY. Without it nothing leaves the server."`
	NLUModel       string   `name:"nlu-model" unit:"name" help:"Model that nlu-url asks."`

	OIDCIssuer       string   `name:"oidc-issuer" unit:"URL" check:"url" help:"Issuer of the OpenID Connect provider with which agents sign on to the desk. The provider's redirect URI is /desk/api/oidc/callback under public-url."`
	OIDCClientID     string   `name:"oidc-client-id" unit:"id" help:"Client id at oidc-issuer."`
	OIDCClientSecret string   `name:"oidc-client-secret" unit:"secret" secret:"true" help:"Client secret at oidc-issuer. Give it in the environment: a command line can be seen by other users. Never printed."`
	OIDCName         string   `name:"oidc-name" unit:"name" help:"Name of the provider on the sign-in button. Default: the host of oidc-issuer."`
	OIDCDomains      []string `name:"oidc-domain" unit:"domain" help:"Domain of e-mail addresses that may sign on; may be repeated. Without one every address may."`
	OIDCRole         string   `name:"oidc-role" default:"invited" enum:"invited,viewer,agent,manager" help:"Role of people who sign on and were not invited; invited lets only invited people in. Another value needs oidc-domain."`

	OTLPEndpoint string `name:"otlp-endpoint" unit:"URL" check:"url" help:"Base URL of an OpenTelemetry collector that takes traces by OTLP over HTTP, such as http://collector:4318; /v1/traces is added to it. Without one nothing is traced."`
	OTLPPercent  int    `name:"otlp-percent" default:"100" min:"0" max:"100" unit:"percent" help:"How many of the traces that begin here are kept; one that a caller began is kept when he keeps it."`

	LogLevel  string `name:"log-level" default:"info" enum:"debug,info,warn,error" help:"Least severe records that are written."`
	LogFormat string `name:"log-format" default:"text" enum:"text,json" help:"Form of the log on standard error."`
	Debug     bool   `name:"debug" help:"Serve profiles and POST /debug/gc on the second address."`
}
