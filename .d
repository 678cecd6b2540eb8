{
 "standing": "accepted",
 "baseline": {
  "revision": "a7d8d549b27ee880f55024b1acd817754fc9766aae314b0d3740699258ef79c2",
  "from": null,
  "savedAt": "2026-01-04T08:00:00.000Z"
 },
 "known": [
  {
   "key": "GHSA-15|pkg:deb/debian/package0|",
   "vulnerability": "GHSA-15",
   "package": "package0",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": null,
   "severity": "CRITICAL",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-01-06T16:00:00.000Z",
   "expires": null,
   "status": "will_not_fix",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-06T16:00:00.000Z",
   "outside": false,
   "foundWith": null
  },
  {
   "key": "CVE-2026-10018|pkg:deb/debian/package0|",
   "vulnerability": "CVE-2026-10018",
   "package": "package0",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": "2.0",
   "severity": "HIGH",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-01-11T00:00:00.000Z",
   "expires": null,
   "status": "will_not_fix",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-11T00:00:00.000Z",
   "outside": true,
   "foundWith": null
  },
  {
   "key": "CVE-2026-20012|pkg:deb/debian/package0|",
   "vulnerability": "CVE-2026-20012",
   "package": "package0",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": null,
   "severity": "MEDIUM",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-01-11T00:00:00.000Z",
   "expires": null,
   "status": "will_not_fix",
   "aliases": [
    "GHSA-12"
   ],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-04T08:00:00.000Z",
   "outside": true,
   "foundWith": null
  },
  {
   "key": "CVE-2026-10026|pkg:deb/debian/package0|",
   "vulnerability": "CVE-2026-10026",
   "package": "package0",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": null,
   "severity": "HIGH",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-01-22T08:00:00.000Z",
   "expires": null,
   "status": "will_not_fix",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-22T08:00:00.000Z",
   "outside": true,
   "foundWith": null
  },
  {
   "key": "GHSA-1|pkg:deb/debian/package0|",
   "vulnerability": "GHSA-1",
   "package": "package0",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": "2.0",
   "severity": "HIGH",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": true,
   "since": "2026-01-04T08:00:00.000Z",
   "expires": null,
   "status": "fixed",
   "aliases": [
    "CVE-2026-20001"
   ],
   "untilFix": false,
   "savedAs": "2026-01-04T08:00:00.000Z|HIGH||",
   "firstFound": "2026-01-02T08:00:00.000Z",
   "outside": true,
   "foundWith": null
  }
 ],
 "unl": [
  [
   "CVE-2026-10010|pkg:deb/debian/package0|",
   [
    [
     "2026-01-02T08:00:00.000Z",
     "LOW",
     "will_not_fix"
    ],
    [
     "2026-01-10T16:00:00.000Z",
     "LOW",
     "affected"
    ]
   ]
  ]
 ],
 "elsewhere": [],
 "listings": [
  "MEDIUM,HIGH,CRITICAL  2026-01-04T16:00:00.000Z whole",
  "MEDIUM,HIGH,CRITICAL  2026-01-11T00:00:00.000Z partial",
  "HIGH,CRITICAL --ignore-unfixed 2026-01-19T08:00:00.000Z whole",
  "HIGH,CRITICAL  2026-01-21T08:00:00.000Z whole",
  "HIGH,CRITICAL  2026-01-22T08:00:00.000Z partial",
  "CRITICAL  2026-01-26T08:00:00.000Z partial",
  "CRITICAL  2026-01-27T08:00:00.000Z whole"
 ],
 "untold": {
  "imageBefore": "sha256:6",
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
     "database_newer"
    ]
   },
   {
    "key": "GHSA-15|pkg:deb/debian/package1|",
    "from": null,
    "causes": [
     "database_newer"
    ]
   },
   {
    "key": "CVE-2026-20017|pkg:deb/debian/package4|",
    "from": null,
    "causes": [
     "database_newer"
    ]
   },
   {
    "key": "CVE-2026-10018|pkg:deb/debian/package0|",
    "from": null,
    "causes": [
     "database_newer",
     "setting_changed"
    ]
   },
   {
    "key": "CVE-2026-10018|pkg:deb/debian/package1|",
    "from": null,
    "causes": [
     "database_newer",
     "setting_changed"
    ]
   },
   {
    "key": "CVE-2026-20012|pkg:deb/debian/package0|",
    "from": "LOW",
    "causes": [
     "severity_changed",
     "database_newer",
     "setting_changed"
    ]
   },
   {
    "key": "CVE-2026-20012|pkg:deb/debian/package1|",
    "from": "LOW",
    "causes": [
     "severity_changed",
     "database_newer",
     "setting_changed"
    ]
   },
   {
    "key": "GHSA-20|pkg:deb/debian/package11|opt/package11.jar",
    "from": null,
    "causes": [
     "database_newer"
    ]
   },
   {
    "key": "GHSA-24|pkg:deb/debian/package4|",
    "from": null,
    "causes": [
     "database_newer"
    ]
   },
   {
    "key": "CVE-2026-10022|pkg:deb/debian/package11|opt/package11.jar",
    "from": null,
    "causes": [
     "image_updated",
     "database_newer",
     "setting_changed"
    ]
   },
   {
    "key": "CVE-2026-10026|pkg:deb/debian/package0|",
    "from": null,
    "causes": [
     "image_updated",
     "database_newer"
    ]
   },
   {
    "key": "CVE-2026-10026|pkg:deb/debian/package1|",
    "from": null,
    "causes": [
     "image_updated",
     "database_newer"
    ]
   }
  ],
  "severityRaised": [],
  "resolved": [
   {
    "finding": {
     "key": "CVE-2026-20001|pkg:deb/debian/package0|",
     "vulnerability": "CVE-2026-20001",
     "package": "package0",
     "path": null,
     "installed": "3.0.1-1",
     "fixed": "2.0",
     "severity": "HIGH",
     "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
     "accepted": true,
     "since": "2026-01-04T08:00:00.000Z",
     "expires": null,
     "status": "fixed",
     "aliases": [
      "GHSA-1"
     ],
     "untilFix": false,
     "savedAs": "2026-01-04T08:00:00.000Z|HIGH||",
     "firstFound": "2026-01-02T08:00:00.000Z",
     "outside": false,
     "foundWith": null
    },
    "causes": [
     "image_updated",
     "database_newer",
     "setting_changed"
    ]
   },
   {
    "finding": {
     "key": "CVE-2026-20001|pkg:deb/debian/package1|",
     "vulnerability": "CVE-2026-20001",
     "package": "package1",
     "path": null,
     "installed": "3.0.1-1",
     "fixed": "2.0",
     "severity": "HIGH",
     "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
     "accepted": true,
     "since": "2026-01-04T08:00:00.000Z",
     "expires": null,
     "status": "fixed",
     "aliases": [
      "GHSA-1"
     ],
     "untilFix": false,
     "savedAs": "2026-01-04T08:00:00.000Z|HIGH||",
     "firstFound": "2026-01-02T08:00:00.000Z",
     "outside": false,
     "foundWith": null
    },
    "causes": [
     "image_updated",
     "database_newer",
     "setting_changed"
    ]
   },
   {
    "finding": {
     "key": "CVE-2026-10005|pkg:deb/debian/package11|opt/package11.jar",
     "vulnerability": "CVE-2026-10005",
     "package": "package11",
     "path": "opt/package11.jar",
     "installed": "3.0.1-1",
     "fixed": null,
     "severity": "CRITICAL",
     "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
     "accepted": true,
     "since": "2026-01-04T08:00:00.000Z",
     "expires": null,
     "status": "affected",
     "aliases": [],
     "untilFix": false,
     "savedAs": "2026-01-04T08:00:00.000Z|CRITICAL||",
     "firstFound": "2026-01-02T08:00:00.000Z",
     "outside": false,
     "foundWith": null
    },
    "causes": [
     "image_updated",
     "database_newer"
    ]
   }
  ]
 },
 "missing": [
  {
   "key": "GHSA-20|pkg:deb/debian/package11|opt/package11.jar",
   "since": "2026-01-27T08:00:00.000Z",
   "causes": [
    "image_updated",
    "database_newer"
   ],
   "agreed": true,
   "movedTo": null
  },
  {
   "key": "CVE-2026-10022|pkg:deb/debian/package11|opt/package11.jar",
   "since": "2026-01-27T08:00:00.000Z",
   "causes": [
    "image_updated",
    "database_newer"
   ],
   "agreed": true,
   "movedTo": null
  }
 ],
 "scanned": {
  "imageId": "sha256:23",
  "content": "ea529c7a4e1b252a0837d168e3facc29950dfd6eb43d48efd7dd03f5e7277044",
  "databaseGeneration": "52",
  "trivyVersion": "0.74.0",
  "filter": {
   "severities": [
    "CRITICAL"
   ],
   "extra_args": []
  }
 },
 "cov": "full"
}
{
 "standing": "accepted",
 "baseline": {
  "revision": "a7d8d549b27ee880f55024b1acd817754fc9766aae314b0d3740699258ef79c2",
  "from": null,
  "savedAt": "2026-01-04T08:00:00.000Z"
 },
 "known": [
  {
   "key": "GHSA-15|pkg:deb/debian/package0|",
   "vulnerability": "GHSA-15",
   "package": "package0",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": null,
   "severity": "CRITICAL",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-01-06T16:00:00.000Z",
   "expires": null,
   "status": "will_not_fix",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-06T16:00:00.000Z",
   "outside": false,
   "foundWith": null
  },
  {
   "key": "CVE-2026-10018|pkg:deb/debian/package0|",
   "vulnerability": "CVE-2026-10018",
   "package": "package0",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": "2.0",
   "severity": "HIGH",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-01-11T00:00:00.000Z",
   "expires": null,
   "status": "will_not_fix",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-11T00:00:00.000Z",
   "outside": false,
   "foundWith": null
  },
  {
   "key": "CVE-2026-20012|pkg:deb/debian/package0|",
   "vulnerability": "CVE-2026-20012",
   "package": "package0",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": null,
   "severity": "MEDIUM",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-01-11T00:00:00.000Z",
   "expires": null,
   "status": "will_not_fix",
   "aliases": [
    "GHSA-12"
   ],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-04T08:00:00.000Z",
   "outside": false,
   "foundWith": null
  },
  {
   "key": "CVE-2026-10026|pkg:deb/debian/package0|",
   "vulnerability": "CVE-2026-10026",
   "package": "package0",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": null,
   "severity": "HIGH",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-01-22T08:00:00.000Z",
   "expires": null,
   "status": "will_not_fix",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-22T08:00:00.000Z",
   "outside": false,
   "foundWith": null
  },
  {
   "key": "GHSA-1|pkg:deb/debian/package0|",
   "vulnerability": "GHSA-1",
   "package": "package0",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": "2.0",
   "severity": "HIGH",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": true,
   "since": "2026-01-04T08:00:00.000Z",
   "expires": null,
   "status": "fixed",
   "aliases": [
    "CVE-2026-20001"
   ],
   "untilFix": false,
   "savedAs": "2026-01-04T08:00:00.000Z|HIGH||",
   "firstFound": "2026-01-02T08:00:00.000Z",
   "outside": false,
   "foundWith": null
  },
  {
   "key": "CVE-2026-10010|pkg:deb/debian/package0|",
   "vulnerability": "CVE-2026-10010",
   "package": "package0",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": null,
   "severity": "LOW",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-01-28T08:00:00.000Z",
   "expires": null,
   "status": "affected",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-02T08:00:00.000Z",
   "outside": false,
   "foundWith": null
  }
 ],
 "unl": [],
 "elsewhere": [],
 "listings": [
  "MEDIUM,HIGH,CRITICAL  2026-01-04T16:00:00.000Z whole",
  "MEDIUM,HIGH,CRITICAL  2026-01-11T00:00:00.000Z partial",
  "HIGH,CRITICAL --ignore-unfixed 2026-01-19T08:00:00.000Z whole",
  "HIGH,CRITICAL  2026-01-21T08:00:00.000Z whole",
  "HIGH,CRITICAL  2026-01-22T08:00:00.000Z partial",
  "CRITICAL  2026-01-26T08:00:00.000Z partial",
  "CRITICAL  2026-01-27T08:00:00.000Z whole",
  "UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL  2026-01-28T08:00:00.000Z whole"
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
  "imageId": "sha256:23",
  "content": "ea529c7a4e1b252a0837d168e3facc29950dfd6eb43d48efd7dd03f5e7277044",
  "databaseGeneration": "53",
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
  "status": "fixed",
  "acceptance": {
   "severity": "HIGH",
   "ends": null,
   "untilFix": false,
   "made": 18,
   "place": "package0|null"
  },
  "ended": null,
  "shownWith": ""
 },
 "told": "HIGH",
 "file": {
  "of": "db:1",
  "version": 24,
  "saved": 23
 },
 "looks": [
  "HIGH,CRITICAL  2026-01-02T08:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-03T08:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-04T08:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "MEDIUM,HIGH,CRITICAL  2026-01-04T16:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-05T16:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-06T16:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-08T16:00:00.000Z partial {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-09T16:00:00.000Z partial {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-10T16:00:00.000Z partial {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "MEDIUM,HIGH,CRITICAL  2026-01-11T00:00:00.000Z partial {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-12T00:00:00.000Z partial {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-13T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-14T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-15T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-16T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-16T08:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-18T08:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-19T08:00:00.000Z whole null",
  "HIGH,CRITICAL  2026-01-20T08:00:00.000Z whole null",
  "HIGH,CRITICAL  2026-01-21T08:00:00.000Z whole null",
  "HIGH,CRITICAL  2026-01-22T08:00:00.000Z partial null",
  "CRITICAL  2026-01-24T08:00:00.000Z partial null",
  "CRITICAL  2026-01-25T08:00:00.000Z partial null",
  "CRITICAL  2026-01-26T08:00:00.000Z partial {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "CRITICAL  2026-01-27T08:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL  2026-01-28T08:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}"
 ]
}
