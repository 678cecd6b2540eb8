import { packageBuild } from '../../tsup.config.base.ts';

export default packageBuild({ index: 'src/index.ts', 'config/index': 'src/config/index.ts', 'testing/index': 'src/testing/index.ts' });
