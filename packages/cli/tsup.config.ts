import { packageBuild } from '../../tsup.config.base.ts';

export default packageBuild({ main: 'src/main.ts', start: 'src/start.ts', index: 'src/index.ts' });
