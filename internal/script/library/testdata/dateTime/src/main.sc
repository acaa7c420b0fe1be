require: dateTime/dateTime.sc
    module = sys.zb-common

theme: /

    state: DateTime
        q!: * $DateTime *
        script:
            var order = ["years", "months", "days", "hours", "minutes", "seconds", "year", "month", "day", "weekDay", "hour", "minute", "second", "period"];
            var value = $parseTree._DateTime;
            $temp.said = order.filter(function(key) { return value[key] !== undefined; }).map(function(key) { return key + " " + value[key]; }).join(", ");
            var when = toMoment($parseTree.DateTime[0]);
            $temp.when = typeof when.isValid === "function" && when.isValid() ? when.format("YYYY-MM-DD HH:mm") : "неверная дата";
        a: {{$temp.said}} = {{$temp.when}}

    state: Season
        q!: сезон $Season
        a: {{$parseTree._Season}}

    state: Weekend
        q!: планы на $Weekend
        a: выходные

    state: None
        event!: noMatch
        a: нет
