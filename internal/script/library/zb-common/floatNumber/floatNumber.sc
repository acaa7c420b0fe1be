# Decimal numbers, fractions and sums in digits and in Russian and English words.
# The value of every pattern is a number.

require: ../number/number.sc
require: floatNumberConverter.js

patterns:
    # 2.5; two point five; две целых пять десятых
    $floatNumberWithDelimeter = $regexp<\d+[.,]\d+> || converter = $converters.floatDigitsConverter
    $FloatNumberFraction = (десятая:10|десятые:10|десятых:10|сотая:100|сотые:100|сотых:100|тысячная:1000|тысячные:1000|тысячных:1000|tenth:10|tenths:10|hundredth:100|hundredths:100|thousandth:1000|thousandths:1000)
    $nought = (ноль|нуль|zero|oh|nought)
    $floatNumberWordsDelimeted = $Number::IntegerNumber ((целых|целая|целые|целую) [и]|точка|запятая|point|dot|comma) [$nought] [$nought] $Number::FractionalNumber [$FloatNumberFraction] || converter = $converters.floatWordsConverter

    # one and a half; две трети; 3/4
    $Denominator = (вторая:2|вторых:2|треть:3|трети:3|третья:3|третьих:3|четверть:4|четверти:4|четвертей:4|четвертая:4|четвертых:4|пятая:5|пятых:5|шестая:6|шестых:6|седьмая:7|седьмых:7|восьмая:8|восьмых:8|девятая:9|девятых:9|десятая:10|десятых:10|сотая:100|сотых:100|тысячная:1000|тысячных:1000|half:2|halves:2|third:3|thirds:3|quarter:4|quarters:4|fifth:5|fifths:5|sixth:6|sixths:6|seventh:7|sevenths:7|eighth:8|eighths:8|ninth:9|ninths:9|tenth:10|tenths:10|hundredth:100|hundredths:100)
    $fractionWithDelimeter = $regexp<\d+ ?/ ?\d+> || converter = $converters.fractionDigitsConverter
    $Fraction = ($fractionWithDelimeter|$Number $Denominator) || converter = $converters.fractionConverter
    $specialFloatNumber = (полтора:1.5|полторы:1.5|пол:0.5|половина:0.5|половину:0.5|половины:0.5|half:0.5|[a] half:0.5|треть:0.333333333333|[a] third:0.333333333333|четверть:0.25|[a] quarter:0.25) || converter = $converters.floatValueConverter
    $numberAndHalf = $Number (с половиной:0.5|и половина:0.5|с четвертью:0.25|and a half:0.5|and [a] quarter:0.25|and [a] half:0.5) || converter = $converters.floatSumConverter
    $numberAndFraction = $Number (и|and|целых) $Fraction || converter = $converters.floatSumConverter

    $FloatNumberNonNegative = ($floatNumberWithDelimeter|$floatNumberWordsDelimeted|$numberAndFraction|$numberAndHalf|$Fraction|$specialFloatNumber) || converter = $converters.floatValueConverter
    $floatFactor = (тысяча:1000|тысячи:1000|тысяч:1000|тыс:1000|к:1000|thousand:1000|k:1000|миллион:1000000|миллиона:1000000|миллионов:1000000|млн:1000000|million:1000000|миллиард:1000000000|миллиарда:1000000000|миллиардов:1000000000|млрд:1000000000|billion:1000000000)
    $FloatMillions = ($floatNumberWithDelimeter|$floatNumberWordsDelimeted|$numberAndHalf|$specialFloatNumber) $floatFactor || converter = $converters.floatProductConverter
    $FloatNumber = ($Number|[$Minus] ($FloatMillions|$FloatNumberNonNegative)) || converter = $converters.floatNumberConverter

    # sums: 2 + 3 * 4; два плюс три; корень из девяти; 15 процентов от 200
    $CalcNumber = $FloatNumber || converter = $converters.propagateConverter
    $CalcOp = ((плюс|прибавить|прибавь|добавить|сложить с|plus|add|added to|$regexp<\+>):+|(минус|вычесть|отнять|minus|less|subtract|$regexp<[-−–]>):-|((умножить|умножь|умноженное|помножить) [на]|multiplied by|times|$regexp_i<[*×x]>):×|((разделить|раздели|делить|поделить|деленное) [на]|divided by|over|$regexp<[÷/:]>):÷|(в степени|to the power [of]|$regexp<\^>):^)
    $CalcOperand = ($SimpleExpressionWithoutSpaces|$CalcNumber) || converter = $converters.propagateConverter
    $SimpleExpressionWithoutSpaces = $regexp<[-(\s]*\d[\d.,()]*(\s*[-+*/×÷^]\s*[-(]*\d[\d.,()]*)+> || converter = $converters.expressionConverter
    $calcSum = $CalcOperand $CalcOp $CalcOperand [$CalcOp $CalcOperand] [$CalcOp $CalcOperand] [$CalcOp $CalcOperand] [$CalcOp $CalcOperand] || converter = $converters.calcConverter
    $CalcPercent = $CalcNumber (процент|процента|процентов|percent|per cent|$regexp<%>) (от|of) $CalcNumber || converter = $converters.calcPercentConverter
    $CalcFuncSqrt = (корень [квадратный] (из|от)|квадратный корень (из|от)|[the] square root of) $CalcNumber || converter = $converters.calcRootConverter
    $CalcPower = $CalcNumber ((в квадрате|squared):2|(в кубе|cubed):3) || converter = $converters.calcPowerConverter
    $MathExpression = ($SimpleExpressionWithoutSpaces|$calcSum|$CalcPercent|$CalcFuncSqrt|$CalcPower) || converter = $converters.propagateConverter
