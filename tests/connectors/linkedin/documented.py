"""The requests that LinkedIn prints, today's form and the tunneled one, with their printing errors mended.

Page "Migration Guide - Updated API Request Maximum Length" (all its pairs) and page "Data Deletion" (its six deletes).
Mended: a blank and a line break before the second part's Content-Type, unbalanced braces, curly and missing quotation
marks, a blank before the value of X-RestLi-Method, a task status whose two ids become one on the way (linkedin.md
10.1, rows 4 and 25). The boundary is ours where the page writes xyz.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from connectors.base.transport import Request

AUTHORIZATION = {"Authorization": "Bearer redacted"}
PROTOCOL_2 = {"X-Restli-Protocol-Version": "2.0.0"}
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, kw_only=True)
class Pair:
    name: str
    method: str
    path: str
    query: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None

    @property
    def today(self) -> Request:
        return Request(
            method=self.method,
            path=f"{self.path}?{self.query}",
            headers={**AUTHORIZATION, **self.headers},
            body=None if self.body is None else self.body.encode(),
        )


CANDIDATES = (
    "ids[0].atsCandidateId=CAND123&ids[0].dataProvider=ATS&ids[0].integrationContext=urn:li:organization:2414183"
    "&ids[1].atsCandidateId=CAND456&ids[1].dataProvider=ATS&ids[1].integrationContext=urn:li:organization:2414183"
)
APPLICATIONS = (
    "ids[0].atsJobApplicationId=APPL123&ids[0].dataProvider=ATS&ids[0].integrationContext=urn:li:organization:1000"
    "&ids[1].atsJobApplicationId=APPL456&ids[1].dataProvider=ATS&ids[1].integrationContext=urn:li:organization:1000"
)
CANDIDATE = "atsCandidateId=CAND123&dataProvider=ATS&integrationContext=urn:li:organization:2414183"
APPLICATION = "atsJobApplicationId=APPL123&dataProvider=ATS&integrationContext=urn:li:organization:2414183"

TWO_CANDIDATES = """{
  "entities": { "atsCandidateId=CAND123&dataProvider=ATS&integrationContext=urn:li:organization:2414183": {
      "addresses": [
        {
          "line1": "31 Spooner St",
          "city": "Quahog",
          "geographicArea": "RI",
          "geographicAreaType": "STATE",
          "postalCode": "02802",
          "country": "us"
        }
      ],
      "atsCreatedAt": 1484864187000,
      "atsLastModifiedAt": 1484864187000,
      "currentCompanyName": "Pawtucket Patriot Brewery",
      "currentJobTitle": "Quality Assurance",
      "emailAddresses": [
        "foo@example.com"
      ],
      "externalProfileUrl": "https://example.com/p-griffin",
      "firstName": "Peter",
      "lastName": "Griffin",
      "middleInitial": "L",
      "phoneNumbers": [
        {
          "number": "555-555-5555",
          "extension": "1234"
        }
      ],
      "prefix": "Mr",
      "suffix": "Jr"
    },
    "atsCandidateId=CAND456&dataProvider=ATS&integrationContext=urn:li:organization:2414183": {
      "addresses": [
        {
          "line1": "1000 W Maude Ave",
          "line2": "ATTN: Maude Flanders",
          "city": "Calgary",
          "geographicArea": "AB",
          "geographicAreaType": "PROVINCE",
          "postalCode": "T1X 0L3",
          "country": "ca"
        }
      ],
      "atsCreatedAt": 1484864187000,
      "atsLastModifiedAt": 1484864187000,
      "emailAddresses": [
        "foo@example.com"
      ],
      "externalProfileUrl": "https://example.com/m-flanders",
      "firstName": "Maude",
      "lastName": "Flanders",
      "phoneNumbers": [
        {
          "number": "555-666-7777",
          "extension": "1234"
        }
      ],
      "prefix": "Mrs"
    }
  }
}"""

MAXIMUM_LENGTH = [
    Pair(
        name="organizational entity ACLs",
        method="GET",
        path="/v2/organizationalEntityAcls",
        query="q=roleAssignee&projection=(elements*(organizationalTarget~))",
    ),
    Pair(
        name="UGC posts",
        method="GET",
        path="/v2/ugcPosts",
        query="q=authors&authors=List(urn%3Ali%3Aperson%3A123ABC)&sortBy=LAST_MODIFIED&projection=(...)",
        headers=PROTOCOL_2,
    ),
    Pair(
        name="social action",
        method="GET",
        path="/v2/socialActions/urn%3Ali%3Ashare%3A1/comments",
        query="projection=(...)",
        headers=PROTOCOL_2,
    ),
    Pair(
        name="retrieve UGC posts by author",
        method="GET",
        path="/v2/ugcPosts",
        query="q=authors&authors=List(urn%3Ali%3Aorganization%3A2414183)&sortBy=LAST_MODIFIED",
        headers=PROTOCOL_2,
    ),
    Pair(
        name="find ad budget pricing insights",
        method="GET",
        path="/v2/adBudgetPricing",
        query=(
            "q=criteriaV2&account=urn%3Ali%3AsponsoredAccount%3A123&bidType=CPM&optimizationTargetType=MAX_CLICK"
            "&objectiveType=WEBSITE_VISIT&campaignType=SPONSORED_INMAILS&matchType=EXACT"
            "&targetingCriteria=(include:(and:List((or:(urn%3Ali%3AadTargetingFacet%3AstaffCountRanges:List("
            "urn%3Ali%3AstaffCountRange%3A%28501%2C1000%29))))))&dailyBudget=(amount:300,currencyCode:USD)"
        ),
        headers=PROTOCOL_2,
    ),
    Pair(
        name="batch partial update ad creatives",
        method="POST",
        path="/v2/adCreativesV2",
        query="ids=List(47770196)",
        headers={**JSON, **PROTOCOL_2, "X-RestLi-Method": "BATCH_PARTIAL_UPDATE"},
        body='{"entities": {"47770196": {"patch": {"$set": {"status": "ACTIVE"}}}}}',
    ),
    Pair(
        name="retrieve candidate matches",
        method="GET",
        path="/v2/atsCandidates",
        query=f"{CANDIDATES}&fields=matchedMembers,manualMatchedMember",
    ),
    Pair(
        name="sync candidates",
        method="PUT",
        path="/v2/atsCandidates",
        query=CANDIDATES,
        headers={**JSON, "x-restli-method": "batch_update"},
        body=TWO_CANDIDATES,
    ),
    Pair(
        name="check job operation task status",
        method="GET",
        path="/v2/simpleJobPostingTasks",
        query="ids=urn:li:simpleJobPostingTask:1&ids=urn:li:simpleJobPostingTask:2",
    ),
]

DATA_DELETION = [
    Pair(name="delete candidates", method="DELETE", path="/v2/atsCandidates", query=CANDIDATES),
    Pair(
        name="delete candidate notes",
        method="DELETE",
        path=f"/v2/atsCandidates/{CANDIDATE}/notes",
        query="ids=CAND_NOTE123&ids=CAND_NOTE456",
    ),
    Pair(name="delete applications", method="DELETE", path="/v2/atsApplications", query=APPLICATIONS),
    Pair(
        name="delete application notes",
        method="DELETE",
        path=f"/v2/atsApplications/{APPLICATION}/notes",
        query="ids=APPL_NOTE123&ids=APPL_NOTE456",
    ),
    Pair(
        name="delete application interview feedback",
        method="DELETE",
        path=f"/v2/atsApplications/{APPLICATION}/interviewFeedback",
        query="ids=INTFB123&ids=INTFB456",
    ),
    Pair(
        name="delete application stages",
        method="DELETE",
        path=f"/v2/atsApplications/{APPLICATION}/stages",
        query="ids=APPL_STAGE123&ids=APPL_STAGE456",
    ),
]

PAIRS = MAXIMUM_LENGTH + DATA_DELETION
