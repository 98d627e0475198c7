"""A hundred referrers and tags, each with the channel that the rules of GA4 give it."""

from __future__ import annotations

import pytest

from friction.journey.channels import ALL, Origin, channel, host_of, offline

TAGGED = """
(direct) | (none) | | direct
(direct) | (not set) | | direct
google | cpc | summer cross-network test | cross_network
newsletter | email | Cross-Network | cross_network
amazon | cpc | | paid_shopping
ebay.de | paid | | paid_shopping
shopzilla | ppc | | paid_shopping
google | cpc | spring shopping | paid_shopping
partner | paid_feed | workshop | paid_other
partner | paid_feed | eshop | paid_shopping
partner | paid_feed | summer shop | paid_shopping
google | cpc | brand | paid_search
bing | ppc | | paid_search
baidu | paidsearch | | paid_search
www.google.fr | cpc | | paid_search
duckduckgo | retargeting | | paid_search
yahoo | cpm | | paid_search
qwant | cpc | | paid_search
yandex | cpa | | paid_search
facebook | cpc | | paid_social
instagram | paid_social | | paid_social
linkedin.com | ppc | | paid_social
tiktok | paid | | paid_social
m.facebook.com | retargeting | | paid_social
twitter | cpm | | paid_social
pinterest | CPC | | paid_social
youtube | cpc | | paid_video
vimeo.com | paid-video | | paid_video
twitch | cpc | | paid_video
dailymotion | ppc | | paid_video
adnet | display | | display
adnet | banner | | display
adnet | expandable | | display
adnet | interstitial | | display
adnet | cpm | | display
criteo | retargeting | | paid_other
partner | cpa | | paid_other
podcast | paid | | paid_other
taboola | PPC | | paid_other
etsy | feed | | organic_shopping
aliexpress.com | referral | | organic_shopping
partner | link | winter shopping | organic_shopping
walmart | | | organic_shopping
facebook | post | | organic_social
partner | social | | organic_social
partner | social-network | | organic_social
partner | social media | | organic_social
partner | sm | | organic_social
reddit.com | referral | | organic_social
x.com | bio | | organic_social
mastodon.social | toot | | organic_social
youtube | referral | | organic_video
vimeo | player | | organic_video
partner | video-teaser | | organic_video
google | organic | | organic_search
startpage | referral | | organic_search
partner | organic | | organic_search
ecosia.org | | | organic_search
mailchimp | email | spring | email
email | weekly | | email
crm | e-mail | | email
crm | e_mail | | email
crm | e mail | | email
E-Mail | | | email
awin | affiliate | | affiliates
tradedoubler | affiliates | | affiliates
blog.example.org | referral | | referral
myapp | app | | referral
partner | link | | referral
spotify | audio | | audio
sms | promo | | sms
twilio | sms | | sms
braze | webpush | | push
braze | mobile_notification | | push
app | notification | | push
firebase | campaign | | push
partner | flyer | | unassigned
qr | print | poster | unassigned
"""
REFERRED = """
https://www.google.com/ | organic_search
https://www.google.co.uk/search | organic_search
https://fr.search.yahoo.com/ | organic_search
https://duckduckgo.com/ | organic_search
android-app://com.google.android.googlequicksearchbox/ | organic_search
https://l.facebook.com/l.php | organic_social
https://t.co/abc | organic_social
https://www.linkedin.com/feed | organic_social
https://m.youtube.com/watch | organic_video
https://www.amazon.de/gp | organic_shopping
https://blog.example.org/review | referral
//partner.example.net/x | referral
https://www.shop.example.com/cart | direct
https://checkout.shop.example.com/ | direct
 | direct
"""
CLICKED = """
gclid | paid_search
gbraid | paid_search
msclkid | paid_search
ttclid | paid_social
li_fat_id | paid_social
twclid | paid_social
dclid | display
irclickid | affiliates
utm_source=google&utm_medium=cpc | paid_search
utm_medium=email&utm_source=crm&gclid | email
utm_source=instagram&utm_medium=story | organic_social
utm_medium=referral | organic_social
utm_source=partner&utm_medium=referral | referral
"""
WORDS = """
organic | organic_search
paid | paid_other
email | email
social | organic_social
referral | referral
Direct | direct
Organic Search | organic_search
Paid Shopping | paid_shopping
Mobile Push Notifications | push
newsletter | email
chatbot | chat
in-store | store
spring-sale-24 | unassigned
"""


def rows(table: str) -> list[list[str]]:
    """Cells of a table above."""
    return [[cell.strip() for cell in line.split("|")] for line in table.splitlines() if line.strip()]


def test_the_tables_hold_a_hundred_origins() -> None:
    assert sum(map(len, map(rows, (TAGGED, REFERRED, CLICKED, WORDS)))) >= 100


@pytest.mark.parametrize(("source", "medium", "campaign", "expected"), rows(TAGGED))
def test_source_and_medium_decide(source: str, medium: str, campaign: str, expected: str) -> None:
    assert channel(Origin(source, medium, campaign)) == expected


@pytest.mark.parametrize(("referrer", "expected"), rows(REFERRED))
def test_without_tags_the_referrer_decides(referrer: str, expected: str) -> None:
    assert channel(Origin(referrer=referrer or None), "shop.example.com") == expected


@pytest.mark.parametrize(("tags", "expected"), rows(CLICKED))
def test_tags_of_the_address_decide_before_the_referrer(tags: str, expected: str) -> None:
    assert channel(Origin(referrer="https://www.facebook.com/", tags=tags)) == expected


@pytest.mark.parametrize(("word", "expected"), rows(WORDS))
def test_one_word_is_a_channel_by_its_name(word: str, expected: str) -> None:
    assert channel(Origin(word)) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("store_visit", "store"),
        ("ChatbotOpened", "chat"),
        ("call_center", "phone"),
        ("fair", "other_touch"),
        (None, "other_touch"),
    ],
)
def test_a_touch_outside_of_the_product_is_named_by_its_event(name: str | None, expected: str) -> None:
    assert offline(name) == expected
    assert expected in ALL


def test_a_host_has_no_user_port_or_www() -> None:
    assert host_of("https://me:pw@WWW.Example.com:8443/a?b#c") == "example.com"
    assert host_of("not an address") == ""
