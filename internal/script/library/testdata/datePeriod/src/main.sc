require: dateTime/dateTime.sc
    module = sys.zb-common

theme: /

    state: Period
        q!: * $DatePeriod *
        script:
            var text = function(date) { return [date.day, date.month, date.year].filter(Boolean).join("."); };
            var period = $parseTree._DatePeriod, start = dateToString(period.startDate), end = dateToString(period.endDate);
            $temp.text = text(period.startDate) + " - " + text(period.endDate);
            $temp.checks = [checkPeriod(start, end), checkPeriodInPast(start, end), checkPeriodInFuture(start, end), checkPeriodInProgress(start, end, true)].map(Number).join("");
        a: {{$temp.text}} {{$temp.checks}}

    state: Date
        q!: когда
        a: {{getFullDate("5.2")}} {{getFullDate("5.2", false, "future")}} {{getFullDate("5.4", false, "past")}} {{getFullDate("20", false, "past")}} {{getYear("5.2", false, "future")}} {{checkDateInPast("14.3")}} {{checkDateInPast("14.3", true)}} {{checkDateInFuture("15.3")}}

    state: Workdays
        q!: рабочие дни
        script:
            var start = moment("2024-03-14");
            $temp.text = [momentBusiness.weekDays(start, moment("2024-03-21")), momentBusiness.weekendDays(start, moment("2024-03-21")), momentBusiness.weekDays(moment("2024-03-21"), start),
                momentBusiness.addWeekDays(moment(start), 3).format("DD"), momentBusiness.subtractWeekDays(moment(start), 4).format("DD"), momentBusiness.isWeekDay(start), momentBusiness.isWeekendDay(start)].join(" ");
        a: {{$temp.text}}

    state: Wrong
        q!: ошибка
        script:
            try { getFullDate("31.11"); } catch (e) { $temp.text = e.message; }
        a: {{$temp.text}}
