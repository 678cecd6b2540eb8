{
 "standing": "accepted",
 "baseline": {
  "revision": "a7c5e4c740928440b81d4939c3f7f6f941d847d797feccdaf15b2493a19a4747",
  "from": null,
  "savedAt": "2026-01-11T16:00:00.000Z"
 },
 "known": [],
 "unl": [
  [
   "CVE-2026-10009|pkg:deb/debian/package5|",
   [
    [
     "2026-01-13T16:00:00.000Z",
     "HIGH",
     "will_not_fix"
    ]
   ]
  ]
 ],
 "elsewhere": [
  [
   [],
   []
  ]
 ],
 "listings": [
  "HIGH,CRITICAL  2026-01-03T00:00:00.000Z whole",
  "HIGH,CRITICAL --pkg-types=os 2026-01-04T00:00:00.000Z doubtful",
  "HIGH,CRITICAL --pkg-types=os 2026-01-12T16:00:00.000Z whole",
  "CRITICAL --pkg-types=os 2026-01-14T16:00:00.000Z whole"
 ],
 "untold": {
  "imageBefore": null,
  "fixAvailable": [],
  "joined": [],
  "startedFrom": null,
  "recovered": false,
  "firstSeen": false,
  "new": [],
  "severityRaised": [],
  "resolved": []
 },
 "missing": [],
 "scanned": {
  "imageId": "sha256:2",
  "content": "aeb40fdc79f23208211f71e2c58d8b93da3cb5c07ef7f7cc6e3ca44c5413ba7a",
  "databaseGeneration": "25",
  "trivyVersion": "0.74.0",
  "filter": {
   "severities": [
    "CRITICAL"
   ],
   "extra_args": [
    "--pkg-types=os"
   ]
  }
 },
 "cov": "full"
}
{
 "standing": "accepted",
 "baseline": {
  "revision": "a7c5e4c740928440b81d4939c3f7f6f941d847d797feccdaf15b2493a19a4747",
  "from": null,
  "savedAt": "2026-01-11T16:00:00.000Z"
 },
 "known": [
  {
   "key": "CVE-2026-10009|pkg:deb/debian/package5|",
   "vulnerability": "CVE-2026-10009",
   "package": "package5",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": null,
   "severity": "HIGH",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-01-15T16:00:00.000Z",
   "expires": null,
   "status": "will_not_fix",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-15T16:00:00.000Z",
   "outside": false,
   "foundWith": null
  }
 ],
 "unl": [],
 "elsewhere": [
  [
   [
    "--pkg-types=os"
   ],
   [
    [
     "CVE-2026-10009|pkg:deb/debian/package5|",
     [
      [
       "2026-01-13T16:00:00.000Z",
       "HIGH",
       "will_not_fix"
      ]
     ]
    ]
   ]
  ]
 ],
 "listings": [
  "HIGH,CRITICAL  2026-01-03T00:00:00.000Z whole",
  "HIGH,CRITICAL --pkg-types=os 2026-01-04T00:00:00.000Z doubtful",
  "HIGH,CRITICAL --pkg-types=os 2026-01-12T16:00:00.000Z whole",
  "CRITICAL --pkg-types=os 2026-01-14T16:00:00.000Z whole",
  "UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL  2026-01-15T16:00:00.000Z whole"
 ],
 "untold": {
  "imageBefore": null,
  "fixAvailable": [],
  "joined": [],
  "startedFrom": null,
  "recovered": false,
  "firstSeen": false,
  "new": [],
  "severityRaised": [],
  "resolved": []
 },
 "missing": [],
 "scanned": {
  "imageId": "sha256:2",
  "content": "aeb40fdc79f23208211f71e2c58d8b93da3cb5c07ef7f7cc6e3ca44c5413ba7a",
  "databaseGeneration": "26",
  "trivyVersion": "0.74.0",
  "filter": {
   "severities": [
    "UNKNOWN",
    "LOW",
    "MEDIUM",
    "HIGH",
    "CRITICAL"
   ],
   "extra_args": []
  }
 },
 "cov": "full"
}
ORACLE {
 "known": {
  "severity": "HIGH",
  "status": "will_not_fix",
  "acceptance": null,
  "ended": null,
  "shownWith": ""
 },
 "told": "HIGH",
 "file": {
  "of": "sha256:2",
  "version": 41,
  "saved": 40
 },
 "looks": [
  "HIGH,CRITICAL  2026-01-02T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"will_not_fix\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-03T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"will_not_fix\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL --pkg-types=os 2026-01-04T00:00:00.000Z doubtful null",
  "HIGH,CRITICAL --pkg-types=os 2026-01-05T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"will_not_fix\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL --pkg-types=os 2026-01-06T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"will_not_fix\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL --pkg-types=os 2026-01-07T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"will_not_fix\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL --pkg-types=os 2026-01-08T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"will_not_fix\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL --pkg-types=os 2026-01-09T08:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"will_not_fix\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL --pkg-types=os 2026-01-09T16:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"will_not_fix\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL --pkg-types=os 2026-01-10T16:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"will_not_fix\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL --pkg-types=os 2026-01-11T16:00:00.000Z whole null",
  "HIGH,CRITICAL --pkg-types=os 2026-01-12T16:00:00.000Z whole null",
  "CRITICAL --pkg-types=os 2026-01-13T16:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"will_not_fix\",\"fixed\":false,\"inFile\":false}",
  "CRITICAL --pkg-types=os 2026-01-14T16:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"will_not_fix\",\"fixed\":false,\"inFile\":false}",
  "UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL  2026-01-15T16:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"will_not_fix\",\"fixed\":false,\"inFile\":false}"
 ]
}
