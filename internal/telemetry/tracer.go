package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"parley/internal/session"
)

// TraceOptions say where traces go. Endpoint, Node and Log are required.
type TraceOptions struct {
	Endpoint string // base URL of a collector that takes OTLP over HTTP
	Percent  int    // of the traces that begin here, 0 to 100
	Node     string
	Version  string
	Log      *slog.Logger
}

// Tracer follows messages through the server and tells a collector. Without one
// nothing is followed: its users take functions, which are nil then.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

// NewTracer returns a tracer. It connects when it has something to tell; what a
// collector does not take is dropped, and logged.
func NewTracer(ctx context.Context, o TraceOptions) (*Tracer, error) {
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(strings.TrimSuffix(o.Endpoint, "/")+"/v1/traces"))
	if err != nil {
		return nil, fmt.Errorf("otlp-endpoint: %w", err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { o.Log.WarnContext(ctx, "traces were not taken", "error", err.Error()) }))
	provider := sdk.NewTracerProvider(
		sdk.WithBatcher(exporter),
		sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(float64(o.Percent)/100))),
		sdk.WithResource(resource.NewSchemaless(
			attribute.String("service.name", "parley"), attribute.String("service.version", o.Version), attribute.String("service.instance.id", o.Node),
		)),
	)
	return &Tracer{provider: provider, tracer: provider.Tracer("parley")}, nil
}

// Stop tells the collector what is left, until ctx ends.
func (t *Tracer) Stop(ctx context.Context) error { return t.provider.Shutdown(ctx) }

// Core returns what the core and the webhook sender report to.
func (t *Tracer) Core() session.Tracing {
	return session.Tracing{Parent: parentOf, Span: t.span}
}

func (t *Tracer) span(ctx context.Context, name, parent string, facts ...slog.Attr) (context.Context, func(error)) {
	if !trace.SpanContextFromContext(ctx).IsValid() {
		ctx = under(ctx, parent)
	}
	kind := trace.SpanKindInternal
	if trace.SpanContextFromContext(ctx).IsRemote() {
		kind = trace.SpanKindConsumer
	}
	ctx, span := t.tracer.Start(ctx, name, trace.WithSpanKind(kind), trace.WithAttributes(attributes(facts)...))
	return ctx, func(err error) {
		if err != nil {
			span.SetStatus(codes.Error, faultOf(err))
		}
		span.End()
	}
}

// faultOf names an error without its words, which may quote what people wrote.
func faultOf(err error) string {
	if e, ok := errors.AsType[*session.Error](err); ok {
		return string(e.Code)
	}
	if e, ok := errors.AsType[session.FailureCode](err); ok {
		return string(e)
	}
	return fmt.Sprintf("%T", err)
}

func attributes(facts []slog.Attr) []attribute.KeyValue {
	list := make([]attribute.KeyValue, len(facts))
	for i, f := range facts {
		list[i] = attribute.String(f.Key, f.Value.String())
		if f.Value.Kind() == slog.KindInt64 {
			list[i] = attribute.Int64(f.Key, f.Value.Int64())
		}
	}
	return list
}

const headerTraceparent = "traceparent"

func parentOf(ctx context.Context) string {
	carrier := propagation.MapCarrier{}
	propagation.TraceContext{}.Inject(ctx, carrier)
	return carrier[headerTraceparent]
}

// under returns a ctx below a traceparent; one that is malformed counts as none.
func under(ctx context.Context, traceparent string) context.Context {
	if traceparent == "" {
		return ctx
	}
	return propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{headerTraceparent: traceparent})
}

// Handler follows the calls of an API: what the mux serves by method and path.
// Pages and sockets it leaves alone.
func (t *Tracer) Handler(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, pattern := mux.Handler(r)
		method, route, isCall := strings.Cut(pattern, " ")
		if !isCall || r.Header.Get("Upgrade") != "" {
			mux.ServeHTTP(w, r)
			return
		}
		ctx, span := t.tracer.Start(under(r.Context(), r.Header.Get(headerTraceparent)), method+" "+route,
			trace.WithSpanKind(trace.SpanKindServer),
			trace.WithAttributes(attribute.String("http.request.method", r.Method), attribute.String("http.route", route)))
		defer span.End()
		answer := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		mux.ServeHTTP(answer, r.WithContext(ctx))
		span.SetAttributes(attribute.Int("http.response.status_code", answer.status))
		if answer.status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
	})
}

// statusWriter remembers the status of an answer.
type statusWriter struct {
	http.ResponseWriter
	status int
}

// WriteHeader is http.ResponseWriter's.
func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// Transport follows calls to services of others, and tells them the
// traceparent. A span names the host and not the path, which may hold a secret.
func (t *Tracer) Transport(next http.RoundTripper) http.RoundTripper {
	return followed{t.tracer, next}
}

type followed struct {
	tracer trace.Tracer
	next   http.RoundTripper
}

// RoundTrip is http.RoundTripper's.
func (f followed) RoundTrip(r *http.Request) (*http.Response, error) {
	facts := []attribute.KeyValue{attribute.String("http.request.method", r.Method), attribute.String("server.address", r.URL.Hostname())}
	if port, err := strconv.Atoi(r.URL.Port()); err == nil {
		facts = append(facts, attribute.Int("server.port", port))
	}
	ctx, span := f.tracer.Start(r.Context(), r.Method, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(facts...))
	defer span.End()
	r = r.Clone(ctx)
	if r.Header.Get(headerTraceparent) == "" { // a script may have its own
		propagation.TraceContext{}.Inject(ctx, propagation.HeaderCarrier(r.Header))
	}
	answer, err := f.next.RoundTrip(r)
	if err != nil {
		span.SetStatus(codes.Error, faultOf(err))
		return nil, err
	}
	span.SetAttributes(attribute.Int("http.response.status_code", answer.StatusCode))
	if answer.StatusCode >= http.StatusBadRequest {
		span.SetStatus(codes.Error, "")
	}
	return answer, nil
}
