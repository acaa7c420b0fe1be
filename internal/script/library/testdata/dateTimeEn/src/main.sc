require: dateTime/dateTimeEn.sc
    module = sys.zb-common

theme: /

    state: DateTime
        q!: * $DateTime *
        script:
            var order = ["years", "months", "days", "hours", "minutes", "seconds", "year", "month", "day", "weekDay", "hour", "minute", "second", "period"];
            var value = $parseTree._DateTime;
            $temp.said = order.filter(function(key) { return value[key] !== undefined; }).map(function(key) { return key + " " + value[key]; }).join(", ");
            var when = toMoment($parseTree.DateTime[0]);
            $temp.when = typeof when.isValid === "function" && when.isValid() ? when.format("YYYY-MM-DD HH:mm") : "invalid date";
        a: {{$temp.said}} = {{$temp.when}}

    state: Season
        q!: season $Season
        a: {{$parseTree._Season}}

    state: Weekend
        q!: plans for the $Weekend
        a: weekend

    state: None
        event!: noMatch
        a: none
