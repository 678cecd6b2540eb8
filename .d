{
 "standing": "accepted",
 "baseline": {
  "revision": "41037b471acc3f122d04e89633d9239b6c5bf5b9955979928f5fc32dbfdcf4a6",
  "from": null,
  "savedAt": "2026-01-05T00:00:00.000Z"
 },
 "known": [
  {
   "key": "CVE-2026-20006|pkg:deb/debian/package2|",
   "vulnerability": "CVE-2026-20006",
   "package": "package2",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": "2.0",
   "severity": "CRITICAL",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-01-06T00:00:00.000Z",
   "expires": null,
   "status": "fixed",
   "aliases": [
    "GHSA-6"
   ],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-06T00:00:00.000Z",
   "outside": false,
   "foundWith": null
  },
  {
   "key": "GHSA-18|pkg:deb/debian/package2|",
   "vulnerability": "GHSA-18",
   "package": "package2",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": "2.0",
   "severity": "HIGH",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-02-16T00:00:00.000Z",
   "expires": null,
   "status": "fixed",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-02-16T00:00:00.000Z",
   "outside": true,
   "foundWith": null
  },
  {
   "key": "CVE-2026-10019|pkg:deb/debian/package2|",
   "vulnerability": "CVE-2026-10019",
   "package": "package2",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": "2.0",
   "severity": "CRITICAL",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-02-17T00:00:00.000Z",
   "expires": null,
   "status": "fixed",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-02-17T00:00:00.000Z",
   "outside": false,
   "foundWith": null
  }
 ],
 "unl": [
  [
   "CVE-2026-10010|pkg:deb/debian/package2|",
   [
    [
     "2026-01-06T00:00:00.000Z",
     "LOW",
     "fixed"
    ]
   ]
  ]
 ],
 "elsewhere": [],
 "listings": [
  "HIGH,CRITICAL  2026-01-04T00:00:00.000Z doubtful",
  "HIGH,CRITICAL  2026-01-12T00:00:00.000Z whole",
  "HIGH,CRITICAL  2026-02-19T00:00:00.000Z partial",
  "CRITICAL  2026-02-20T00:00:00.000Z partial",
  "CRITICAL  2026-02-25T16:00:00.000Z doubtful",
  "CRITICAL  2026-02-27T00:00:00.000Z whole"
 ],
 "untold": {
  "imageBefore": "sha256:9",
  "fixAvailable": [],
  "joined": [],
  "startedFrom": null,
  "recovered": false,
  "firstSeen": false,
  "new": [
   {
    "key": "CVE-2026-10009|pkg:deb/debian/package7|",
    "from": null,
    "causes": [
     "image_updated",
     "database_newer"
    ]
   },
   {
    "key": "CVE-2026-20006|pkg:deb/debian/package2|",
    "from": null,
    "causes": [
     "image_updated",
     "database_newer"
    ]
   },
   {
    "key": "CVE-2026-20006|pkg:deb/debian/package3|",
    "from": null,
    "causes": [
     "image_updated",
     "database_newer"
    ]
   },
   {
    "key": "CVE-2026-10015|pkg:deb/debian/package5|",
    "from": null,
    "causes": [
     "image_updated",
     "database_newer"
    ]
   },
   {
    "key": "CVE-2026-10014|pkg:deb/debian/package7|",
    "from": null,
    "causes": [
     "image_updated",
     "database_newer"
    ]
   },
   {
    "key": "CVE-2026-10017|pkg:deb/debian/package0|",
    "from": null,
    "causes": [
     "database_newer"
    ]
   },
   {
    "key": "CVE-2026-10017|pkg:deb/debian/package1|",
    "from": null,
    "causes": [
     "database_newer"
    ]
   },
   {
    "key": "GHSA-18|pkg:deb/debian/package2|",
    "from": null,
    "causes": [
     "image_updated",
     "database_newer"
    ]
   },
   {
    "key": "GHSA-18|pkg:deb/debian/package3|",
    "from": null,
    "causes": [
     "image_updated",
     "database_newer"
    ]
   },
   {
    "key": "GHSA-3|pkg:deb/debian/package5|",
    "from": "LOW",
    "causes": [
     "image_updated",
     "severity_changed",
     "database_newer"
    ]
   },
   {
    "key": "CVE-2026-10019|pkg:deb/debian/package2|",
    "from": null,
    "causes": [
     "database_newer"
    ]
   },
   {
    "key": "CVE-2026-10019|pkg:deb/debian/package3|",
    "from": null,
    "causes": [
     "database_newer"
    ]
   },
   {
    "key": "GHSA-20|pkg:deb/debian/package8|",
    "from": null,
    "causes": [
     "database_newer"
    ]
   }
  ],
  "severityRaised": [
   {
    "key": "CVE-2026-20006|pkg:deb/debian/package2|",
    "from": "HIGH",
    "causes": [
     "severity_changed",
     "database_newer"
    ]
   },
   {
    "key": "CVE-2026-20006|pkg:deb/debian/package3|",
    "from": "HIGH",
    "causes": [
     "severity_changed",
     "database_newer"
    ]
   }
  ],
  "resolved": []
 },
 "missing": [],
 "scanned": {
  "imageId": "sha256:22",
  "content": "2ab9276bb9cf343c2fa6029db03264301e829f5a6be3629820336148f10c77d5",
  "databaseGeneration": "51",
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
  "revision": "41037b471acc3f122d04e89633d9239b6c5bf5b9955979928f5fc32dbfdcf4a6",
  "from": null,
  "savedAt": "2026-01-05T00:00:00.000Z"
 },
 "known": [
  {
   "key": "CVE-2026-20006|pkg:deb/debian/package2|",
   "vulnerability": "CVE-2026-20006",
   "package": "package2",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": "2.0",
   "severity": "CRITICAL",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-01-06T00:00:00.000Z",
   "expires": null,
   "status": "fixed",
   "aliases": [
    "GHSA-6"
   ],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-06T00:00:00.000Z",
   "outside": false,
   "foundWith": null
  },
  {
   "key": "GHSA-18|pkg:deb/debian/package2|",
   "vulnerability": "GHSA-18",
   "package": "package2",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": "2.0",
   "severity": "HIGH",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-02-16T00:00:00.000Z",
   "expires": null,
   "status": "fixed",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-02-16T00:00:00.000Z",
   "outside": false,
   "foundWith": null
  },
  {
   "key": "CVE-2026-10019|pkg:deb/debian/package2|",
   "vulnerability": "CVE-2026-10019",
   "package": "package2",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": "2.0",
   "severity": "CRITICAL",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-02-17T00:00:00.000Z",
   "expires": null,
   "status": "fixed",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-02-17T00:00:00.000Z",
   "outside": false,
   "foundWith": null
  },
  {
   "key": "CVE-2026-10010|pkg:deb/debian/package2|",
   "vulnerability": "CVE-2026-10010",
   "package": "package2",
   "path": null,
   "installed": "3.0.1-1",
   "fixed": "2.0",
   "severity": "LOW",
   "url": "https://avd.aquasec.com/nvd/cve-2026-1000",
   "accepted": false,
   "since": "2026-02-28T00:00:00.000Z",
   "expires": null,
   "status": "fixed",
   "aliases": [],
   "untilFix": false,
   "savedAs": null,
   "firstFound": "2026-01-06T00:00:00.000Z",
   "outside": false,
   "foundWith": null
  }
 ],
 "unl": [],
 "elsewhere": [],
 "listings": [
  "HIGH,CRITICAL  2026-01-04T00:00:00.000Z doubtful",
  "HIGH,CRITICAL  2026-01-12T00:00:00.000Z whole",
  "HIGH,CRITICAL  2026-02-19T00:00:00.000Z partial",
  "CRITICAL  2026-02-20T00:00:00.000Z partial",
  "CRITICAL  2026-02-25T16:00:00.000Z doubtful",
  "CRITICAL  2026-02-27T00:00:00.000Z whole",
  "UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL  2026-02-28T00:00:00.000Z whole"
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
  "imageId": "sha256:22",
  "content": "2ab9276bb9cf343c2fa6029db03264301e829f5a6be3629820336148f10c77d5",
  "databaseGeneration": "52",
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
  "severity": "CRITICAL",
  "status": "fixed",
  "acceptance": null,
  "ended": null,
  "shownWith": ""
 },
 "told": "CRITICAL",
 "file": {
  "of": "api:1",
  "version": 42,
  "saved": 9
 },
 "looks": [
  "HIGH,CRITICAL  2026-01-02T00:00:00.000Z doubtful null",
  "HIGH,CRITICAL  2026-01-03T00:00:00.000Z whole null",
  "HIGH,CRITICAL  2026-01-04T00:00:00.000Z doubtful null",
  "HIGH,CRITICAL  2026-01-05T00:00:00.000Z whole null",
  "HIGH,CRITICAL  2026-01-06T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-07T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-08T00:00:00.000Z whole {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-09T00:00:00.000Z partial {\"severity\":\"HIGH\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-10T00:00:00.000Z whole {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-11T00:00:00.000Z whole {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-01-12T00:00:00.000Z whole {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-02-14T00:00:00.000Z partial {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-02-16T00:00:00.000Z partial {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-02-17T00:00:00.000Z partial {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-02-18T00:00:00.000Z partial {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "HIGH,CRITICAL  2026-02-19T00:00:00.000Z partial {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "CRITICAL  2026-02-20T00:00:00.000Z partial {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "CRITICAL  2026-02-21T00:00:00.000Z whole {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "CRITICAL  2026-02-22T08:00:00.000Z whole {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "CRITICAL  2026-02-23T16:00:00.000Z whole {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "CRITICAL  2026-02-24T16:00:00.000Z whole {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "CRITICAL  2026-02-25T16:00:00.000Z doubtful null",
  "CRITICAL  2026-02-27T00:00:00.000Z whole {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}",
  "UNKNOWN,LOW,MEDIUM,HIGH,CRITICAL  2026-02-28T00:00:00.000Z whole {\"severity\":\"CRITICAL\",\"status\":\"fixed\",\"fixed\":true,\"inFile\":false}"
 ]
}
