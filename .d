{
 "standing": "accepted",
 "baseline": {
  "revision": "2999a5c4bba44e120c0e1e77d1fb0442c728413a9662bed309425e0c379a744d",
  "from": null,
  "savedAt": "2026-01-16T08:00:00.000Z"
 },
 "known": [
  {
   "key": "GHSA-1|pkg:deb/debian/package5|",
   "vulnerability": "GHSA-1",
   "package": "package5",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": null,
   "severity": "MEDIUM",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-01-22T00:00:00.000Z",
   "expires": null,
   "status": "affected",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-15T08:00:00.000Z",
   "outside": true,
   "foundWith": null
  }
 ],
 "unl": [],
 "elsewhere": [],
 "listings": [
  "MEDIUM,HIGH,CRITICAL  2026-01-07T08:00:00.000Z whole",
  "HIGH,CRITICAL  2026-01-10T08:00:00.000Z partial",
  "HIGH,CRITICAL  2026-01-11T08:00:00.000Z doubtful",
  "HIGH,CRITICAL  2026-01-14T08:00:00.000Z whole",
  "CRITICAL --ignore-status=will_not_fix,end_of_life 2026-01-17T16:00:00.000Z whole",
  "HIGH,CRITICAL --ignore-status=will_not_fix,end_of_life 2026-01-18T16:00:00.000Z whole",
  "HIGH,CRITICAL --ignore-unfixed 2026-01-21T00:00:00.000Z partial",
  "MEDIUM,HIGH,CRITICAL --ignore-status=will_not_fix,end_of_life 2026-01-22T00:00:00.000Z partial",
  "HIGH,CRITICAL --ignore-status=will_not_fix,end_of_life 2026-01-23T00:00:00.000Z partial"
 ],
 "untold": {
  "imageBefore": "sha256:16",
  "fixAvailable": [],
  "joined": [],
  "startedFrom": null,
  "recovered": false,
  "firstSeen": false,
  "new": [
   {
    "key": "GHSA-15|pkg:deb/debian/package0|",
    "from": null,
    "causes": [
     "image_updated",
     "database_newer",
     "setting_changed"
    ]
   },
   {
    "key": "GHSA-15|pkg:deb/debian/package1|",
    "from": null,
    "causes": [
     "image_updated",
     "database_newer",
     "setting_changed"
    ]
   },
   {
    "key": "CVE-2026-10008|pkg:deb/debian/package4|",
    "from": null,
    "causes": [
     "setting_changed"
    ]
   },
   {
    "key": "GHSA-13|pkg:deb/debian/package4|",
    "from": null,
    "causes": [
     "setting_changed"
    ]
   },
   {
    "key": "GHSA-1|pkg:deb/debian/package5|",
    "from": null,
    "causes": [
     "setting_changed"
    ]
   }
  ],
  "severityRaised": [],
  "resolved": []
 },
 "missing": [],
 "scanned": {
  "imageId": "sha256:20",
  "content": "3176b171ce57cb0b8b299bc28984892c0861fc49daf4e8f1216ea99effaa3612",
  "databaseGeneration": "47",
  "trivyVersion": "0.74.0",
  "filter": {
   "severities": [
    "HIGH",
    "CRITICAL"
   ],
   "extra_args": [
    "--ignore-status=will_not_fix,end_of_life"
   ]
  }
 },
 "cov": "full"
}
{
 "standing": "accepted",
 "baseline": {
  "revision": "2999a5c4bba44e120c0e1e77d1fb0442c728413a9662bed309425e0c379a744d",
  "from": null,
  "savedAt": "2026-01-16T08:00:00.000Z"
 },
 "known": [
  {
   "key": "GHSA-1|pkg:deb/debian/package5|",
   "vulnerability": "GHSA-1",
   "package": "package5",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": null,
   "severity": "MEDIUM",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-01-22T00:00:00.000Z",
   "expires": null,
   "status": "affected",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-15T08:00:00.000Z",
   "outside": true,
   "foundWith": null
  }
 ],
 "unl": [],
 "elsewhere": [],
 "listings": [
  "MEDIUM,HIGH,CRITICAL  2026-01-07T08:00:00.000Z whole",
  "HIGH,CRITICAL  2026-01-10T08:00:00.000Z partial",
  "HIGH,CRITICAL  2026-01-11T08:00:00.000Z doubtful",
  "HIGH,CRITICAL  2026-01-14T08:00:00.000Z whole",
  "CRITICAL --ignore-status=will_not_fix,end_of_life 2026-01-17T16:00:00.000Z whole",
  "HIGH,CRITICAL --ignore-status=will_not_fix,end_of_life 2026-01-18T16:00:00.000Z whole",
  "HIGH,CRITICAL --ignore-unfixed 2026-01-21T00:00:00.000Z partial",
  "MEDIUM,HIGH,CRITICAL --ignore-status=will_not_fix,end_of_life 2026-01-22T00:00:00.000Z partial",
  "HIGH,CRITICAL --ignore-status=will_not_fix,end_of_life 2026-01-24T00:00:00.000Z partial"
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
  "imageId": "sha256:20",
  "content": "3176b171ce57cb0b8b299bc28984892c0861fc49daf4e8f1216ea99effaa3612",
  "databaseGeneration": "48",
  "trivyVersion": "0.74.0",
  "filter": {
   "severities": [
    "HIGH",
    "CRITICAL"
   ],
   "extra_args": [
    "--ignore-status=will_not_fix,end_of_life"
   ]
  }
 },
 "cov": "full"
}
ORACLE {
 "known": {
  "severity": "MEDIUM",
  "status": "affected",
  "acceptance": null,
  "ended": null,
  "shownWith": ""
 },
 "told": "MEDIUM",
 "file": {
  "of": "shop:build-9",
  "version": 92,
  "saved": 91
 },
 "looks": [
  "HIGH,CRITICAL  2026-01-02T00:00:00.000Z doubtful {\"severity\":\"HIGH\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-03T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-04T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-05T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-06T00:00:00.000Z whole {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-07T00:00:00.000Z whole {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "MEDIUM,HIGH,CRITICAL  2026-01-07T08:00:00.000Z whole {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-09T08:00:00.000Z partial {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-10T08:00:00.000Z partial {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-11T08:00:00.000Z doubtful {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-12T08:00:00.000Z whole null",
  "HIGH,CRITICAL  2026-01-13T08:00:00.000Z whole null",
  "HIGH,CRITICAL  2026-01-14T08:00:00.000Z whole null",
  "HIGH,CRITICAL  2026-01-15T08:00:00.000Z whole {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-17T08:00:00.000Z whole {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "CRITICAL  2026-01-17T16:00:00.000Z whole {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-18T16:00:00.000Z whole {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-20T16:00:00.000Z partial {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-21T00:00:00.000Z partial {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "MEDIUM,HIGH,CRITICAL  2026-01-22T00:00:00.000Z partial {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-23T00:00:00.000Z partial {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-24T00:00:00.000Z partial {\"severity\":\"MEDIUM\",\"status\":\"affected\",\"fixed\":false,\"inFile\":false}"
 ]
}
