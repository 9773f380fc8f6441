"""Irregular English forms and their bases: a question says "did it begin", the text says "it began".

Snowball takes endings off; it cannot know these. Forms that are commoner as other words (left, found, saw,
bore, wound) are left out.
"""

PAIRS = """
arose:arise arisen:arise ate:eat eaten:eat awoke:awake became:become began:begin begun:begin bent:bend bitten:bite
blew:blow blown:blow bought:buy broke:break broken:break brought:bring built:build burnt:burn came:come caught:catch
chose:choose chosen:choose clung:cling crept:creep dealt:deal did:do done:do drawn:draw drew:draw driven:drive
drove:drive drunk:drink dug:dig fallen:fall fed:feed fell:fall felt:feel fled:flee flew:fly flown:fly
forbade:forbid forbidden:forbid foresaw:foresee foreseen:foresee forgave:forgive forgot:forget forgotten:forget
fought:fight froze:freeze frozen:freeze gave:give given:give gone:go got:get gotten:get grew:grow grown:grow
had:have heard:hear held:hold hidden:hide hung:hang kept:keep knew:know known:know laid:lay lain:lie led:lead
lent:lend lit:light lost:lose made:make meant:mean met:meet mistook:mistake overcame:overcome overthrew:overthrow
overthrown:overthrow paid:pay proven:prove ran:run rang:ring rebuilt:rebuild ridden:ride risen:rise rode:ride
rose:rise said:say sank:sink sat:sit sent:send shaken:shake shook:shake shot:shoot shown:show shrank:shrink
shrunk:shrink slept:sleep slid:slide sold:sell sought:seek spent:spend spoke:speak spoken:speak sprang:spring
stole:steal stolen:steal stood:stand struck:strike stuck:stick sung:sing sworn:swear swore:swear swept:sweep
taken:take taught:teach thought:think threw:throw thrown:throw told:tell took:take tore:tear torn:tear
underwent:undergo undertaken:undertake undertook:undertake understood:understand undid:undo upheld:uphold went:go
wept:weep withdrawn:withdraw withdrew:withdraw withheld:withhold woke:wake won:win wore:wear worn:wear
written:write wrote:write
children:child men:man women:woman feet:foot countrymen:countryman spokesmen:spokesman
"""

BASES: dict[str, str] = dict(pair.split(":") for pair in PAIRS.split())
