{{- define "parley.name" -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{- define "parley.selector" -}}
app.kubernetes.io/name: parley
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "parley.labels" -}}
{{ include "parley.selector" . }}
app.kubernetes.io/version: {{ .Values.image.tag | default .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "parley.shared" -}}
{{- if or .Values.store.url .Values.store.existingSecret -}}yes{{- end -}}
{{- end -}}

{{- define "parley.check" -}}
{{- if and (not (include "parley.shared" .)) (gt (int .Values.replicas) 1) -}}
{{- fail "replicas: more than one node needs store.url or store.existingSecret (PostgreSQL); SQLite is for one" -}}
{{- end -}}
{{- if and .Values.nats (not (include "parley.shared" .)) -}}
{{- fail "nats: needs store.url or store.existingSecret" -}}
{{- end -}}
{{- if and .Values.store.url .Values.store.existingSecret -}}
{{- fail "store: give url or existingSecret, not both" -}}
{{- end -}}
{{- end -}}
