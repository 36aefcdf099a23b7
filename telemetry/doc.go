// Package telemetry says what happens in an app, as values with types: that a
// request was answered, that a view was mounted, handled an event, drew what
// changed, crashed. Who wants to know gives an [Observer] to the App:
//
//	bennu.Options{Observers: []telemetry.Observer{{
//		Event: func(e telemetry.Event) {
//			if e.Duration > time.Second {
//				alert(e.View.Name, e.Name)
//			}
//		},
//	}}}
//
// Modules telemetry/otel and telemetry/prom are observers for OpenTelemetry and
// Prometheus. The log of the App says the same in words and needs no observer.
package telemetry
