init:
    $http.config({
        url: {protocol: "https", host: "weather.example"},
        cacheTimeToLiveInSeconds: 600
    });

theme: /

    state: Weather
        q!: weather in $AnyText::city
        script:
            var answer = $http.get("/v1/now?city=${city}&key=${key}", {
                query: {city: $parseTree._city, key: $secrets.get("WEATHER_KEY")},
                timeout: 5000,
                cachingRequired: true
            });
            if (answer.isOk) {
                $temp.degrees = answer.data.now.degrees;
            } else {
                log("no weather: " + answer.status + " " + answer.error);
            }
        if: $temp.degrees !== undefined
            a: It is {{$temp.degrees}} degrees in {{$parseTree._city}}.
            script: $analytics.setSessionResult("answered");
        else:
            a: I cannot look outside at the moment.

    state: Refund
        q!: refund $regexp<\d+>::order
        script:
            var answer = $http.post("https://shop.example/orders/${id}", {
                query: {id: $parseTree._order},
                body: {items: [{sku: "A1", count: 2}], reason: $request.query}
            });
            $temp.ok = answer.status === 201;
        a: {{ $temp.ok ? "Your refund is on its way." : "Please try again later." }}

    state: Remind
        q!: remind me
        script:
            $reactions.setClientTimezone("Europe/Moscow");
            $session.reminder = $pushgate.createEvent("2030-01-01T09:00:00", "reminder", {text: "Happy New Year"}).id;
        a: I will.

    state: Reminder
        event!: reminder
        a: {{$request.rawRequest.eventData.text}}!

    state: Complain
        q!: complain
        script:
            $temp.sent = $mail.sendMessage("desk@shop.example", "A complaint", "Please call the client back.");
        a: {{$temp.sent.status === "OK" ? "The desk knows." : "Please write to desk@shop.example."}}

patterns:
    $AnyText = $nonEmptyGarbage
