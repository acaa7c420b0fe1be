require: city/city.sc
    module = sys.zb-common
require: dateTime/dateTime.sc
    module = sys.zb-common

theme: /

    state: Meeting
        q!: * {(встреча|встретимся) * $City * $DateTime} *
        script:
            $temp.city = $parseTree._City;
            $temp.when = toMoment($parseTree.DateTime[0]).format("DD.MM.YYYY HH:mm");
        a: {{$temp.city.name}} ({{$temp.city.timezone}}), {{$temp.when}}
